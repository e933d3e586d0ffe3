/** The app itself, loaded by the loader: reads what it left on `window.Helpdesk`, draws, and answers its commands. */
import { mount } from "./mount";

const helpdesk = window.Helpdesk;
if (helpdesk?.at) void mount(helpdesk, helpdesk.at);
