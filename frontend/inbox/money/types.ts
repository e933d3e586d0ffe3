/** Money actions as the server tells them. */
import type { components } from "../../shared/api";

export type MoneyAction = components["schemas"]["MoneyActionShape"];
export type Preview = MoneyAction["preview"];
