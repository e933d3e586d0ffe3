/** The list: loading, paging, and living with what the socket says. */
import type { Api } from "./api";
import { ApiError } from "./api";
import { judgeDelta, place } from "./reconcile";
import { patched, putRow, rowOf, type State, together } from "./state";
import type { Filter, Frame, Patch, Row } from "./types";
import { filterOf } from "./views";

export interface Lists {
  show(view: string, filter?: Filter): void;
  refine(changes: Partial<Filter>): void;
  more(): Promise<void>;
  refresh(): Promise<void>;
  applyRows(rows: Row[]): void;
  /** Handles a numbered frame; false means something was missed and the caller must reload. */
  onSequence(frame: Extract<Frame, { type: "hello" | "tick" | "delta" }>): boolean;
  /** Shows a change before the server knows it; call the answer to let go of it. */
  overlay(id: string, changes: Patch): () => void;
}

/** After this many rows a reload starts from the top again instead of fetching everything a second time. */
const RELOAD_ROWS = 200;
const PAGE = 50;

const keyOf = (filter: Filter): string => JSON.stringify(filter);

export function createLists(state: State, api: Api, onFresh: (row: Row, before: Row | undefined) => void, bootSeq: number | null): Lists {
  let seq: number | null = bootSeq;
  let asked = 0;
  let paging = false;
  /** Rows that arrived while an answer was on its way: the answer may be older than they are. */
  let held: Row[] | null = null;
  const shelves = new Map<string, { ids: string[]; next: string | null }>();
  const overlays = new Map<string, Patch[]>();

  const withOverlay = (row: Row): Row => (overlays.get(row.id) ?? []).reduce((seen, changes) => patched(seen, changes, state), row);

  function placeRow(row: Row): void {
    const list = {
      ids: state.ids.value, rowOf: (id: string) => rowOf(state, id), filter: state.filter.value, meId: state.meId,
      complete: state.next.value === null,
    };
    state.ids.value = place(list, row);
  }

  function put(row: Row): void {
    const shown = withOverlay(row);
    putRow(state, shown);
    placeRow(shown);
    const detail = state.threads.get(row.id)?.detail;
    if (detail?.value) detail.value = { ...detail.value, ...shown, contact: { ...detail.value.contact, ...shown.contact } };
  }

  function applyRows(rows: Row[]): void {
    held?.push(...rows);
    together(() => rows.forEach(put));
  }

  async function load(keep: number): Promise<void> {
    const mine = ++asked;
    const filter = state.filter.value;
    held = [];
    try {
      const results: Row[] = [];
      let next: string | null = null;
      do {
        const page = await api.conversations(filter, next, keep > PAGE ? 100 : PAGE);
        if (mine !== asked) return;
        results.push(...page.results);
        next = page.next;
      } while (next && results.length < Math.min(keep, RELOAD_ROWS));
      together(() => {
        results.forEach((row) => putRow(state, withOverlay(row)));
        state.ids.value = results.map((row) => row.id);
        state.next.value = next;
        state.listPhase.value = "ready";
        const late = held ?? [];
        held = null;
        late.forEach(put);
        // Our own unanswered changes also decide what is shown where.
        for (const id of overlays.keys()) if (state.rows.has(id)) placeRow(rowOf(state, id));
      });
    } catch (error) {
      if (!(error instanceof ApiError) || mine !== asked) throw error;
      held = null;
      state.listError.value = error.message;
      // What is on screen stays readable; only an empty screen turns into an error.
      state.listPhase.value = state.ids.value.length ? "ready" : "error";
    }
  }

  function change(filter: Filter): void {
    const before = state.filter.value;
    if (!before.q) shelves.set(keyOf(before), { ids: state.ids.value, next: state.next.value });
    const shelf = shelves.get(keyOf(filter));
    together(() => {
      state.filter.value = filter;
      state.ids.value = shelf?.ids ?? [];
      state.next.value = shelf?.next ?? null;
      state.listPhase.value = shelf ? "ready" : "loading";
    });
    void load(PAGE);
  }

  return {
    show(view, filter = filterOf(view)) {
      state.view.value = view;
      change(filter);
    },
    refine: (changes) => change({ ...state.filter.value, ...changes }),
    async more() {
      const cursor = state.next.value;
      if (!cursor || paging || state.listPhase.value !== "ready") return;
      paging = true;
      const mine = asked;
      try {
        const page = await api.conversations(state.filter.value, cursor);
        if (mine !== asked) return;
        together(() => {
          page.results.forEach((row) => putRow(state, withOverlay(row)));
          const have = new Set(state.ids.value);
          state.next.value = page.next;
          state.ids.value = [...state.ids.value, ...page.results.map((row) => row.id).filter((id) => !have.has(id))];
        });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        state.listError.value = error.message;
      } finally {
        paging = false;
      }
    },
    refresh: () => load(state.ids.value.length),
    applyRows,
    onSequence(frame) {
      if (frame.type !== "delta") {
        const whole = seq === frame.seq;
        seq = frame.seq;
        return whole;
      }
      const judged = judgeDelta(seq, frame);
      if (judged === "old") return true;
      seq = frame.seq;
      const before = frame.conversations.map((row) => state.rows.get(row.id)?.value);
      applyRows(frame.conversations);
      frame.conversations.forEach((row, at) => onFresh(row, before[at]));
      return judged === "apply";
    },
    overlay(id, changes) {
      const mine = { ...changes };
      overlays.set(id, [...(overlays.get(id) ?? []), mine]);
      const row = state.rows.get(id)?.value;
      if (row) applyRows([row]);
      return () => {
        const rest = (overlays.get(id) ?? []).filter((one) => one !== mine);
        if (rest.length) overlays.set(id, rest);
        else overlays.delete(id);
      };
    },
  };
}
