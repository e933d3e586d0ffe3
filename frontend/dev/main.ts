/** The dev page: the real inbox over the server in memory. `?open=0` opens nothing, `?many=5000` makes a long list. */
import { FakeServer } from "./fake";
import { tell } from "./story";

const server = new FakeServer();
const dana = tell(server);
const query = new URLSearchParams(location.search);
const open = query.get("open") === "0" ? null : ([...server.conversations.values()].find((one) => one.row.contact.id === query.get("open"))?.row.id ?? dana);

const boot = document.createElement("script");
boot.type = "application/json";
boot.id = "boot";
boot.textContent = JSON.stringify(server.boot(open));
document.body.append(boot);

globalThis.fetch = server.fetch;
class LocalSocket {
  constructor() {
    return server.openSocket();
  }
}
Object.assign(globalThis, { WebSocket: LocalSocket, helpdesk: server });
history.replaceState(null, "", `/inbox/${open ? `${open}/` : ""}`);
void import("../inbox/main");
setTimeout(() => {
  if (open) server.push({ type: "presence", conversation: open, viewers: [{ id: "m-ida", name: "Ida Krogh" }, { id: "m-gus", name: "Gus Lind" }] });
}, 300);
