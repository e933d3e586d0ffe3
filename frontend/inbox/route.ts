/** The address bar: `/inbox/<conversation>?view=unassigned`. */
export interface Place {
  conversation: string | null;
  view: string;
}

const UUID = /\/inbox\/([0-9a-f-]{36})\/?$/i;

export function readPlace(location: Pick<Location, "pathname" | "search">): Place {
  return { conversation: UUID.exec(location.pathname)?.[1] ?? null, view: new URLSearchParams(location.search).get("view") ?? "mine" };
}

export function writePlace(place: Place): string {
  const query = place.view === "mine" ? "" : `?view=${encodeURIComponent(place.view)}`;
  return `/inbox/${place.conversation ? `${place.conversation}/` : ""}${query}`;
}
