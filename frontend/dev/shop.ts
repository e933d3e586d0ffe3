/** The canned shop of the dev page and the tests: one of everything that a card shows. */
import type { Shop, ShopCustomer, ShopLine, ShopOrder, ShopParcel, ShopStore } from "../inbox/types";

const DAY = 24 * 3600_000;
const before = (days: number, hours = 0): string => new Date(Date.now() - days * DAY - hours * 3600_000).toISOString();
const pounds = (amount: string) => ({ amount, currency: "GBP" });
const picture = (hue: number): string => `data:image/svg+xml;utf8,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="68" height="68"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(${hue} 35% 80%)"/><stop offset="1" stop-color="hsl(${hue} 30% 60%)"/></linearGradient></defs><rect width="68" height="68" fill="url(#g)"/></svg>`)}`;

export const fakeStore = (changes: Partial<ShopStore> = {}): ShopStore => ({
  id: "shop-1", name: "Fjellmark", domain: "fjellmark.myshopify.com", platform: "shopify", status: "installed", trouble: "", currency: "GBP", withheld: [], complete_until: new Date().toISOString(), error: "", ...changes,
});

export const fakeLine = (changes: Partial<ShopLine> = {}): ShopLine => ({
  id: "l1", title: "Skarv 2 tent", variant: "Moss · 2 person", sku: "SK2-M", quantity: 1, current_quantity: 1, fulfilled_quantity: 1, refundable_quantity: 1, returnable_quantity: 1,
  unit_price: pounds("389.00"), paid_price: pounds("389.00"), total: pounds("389.00"), image: picture(150), variant_id: "v1", product_id: "p1", available: true, final_sale: false, gift_card: false, requires_shipping: true, attributes: [], ...changes,
});

export const fakeParcel = (changes: Partial<ShopParcel> = {}): ShopParcel => ({
  id: "f1", name: "#1042-F1", state: "delivered", active: true, tracking: [{ carrier: "DHL", number: "00340434161094015902", url: "https://dhl.example/00340434161094015902" }],
  lines: [{ line: "l1", name: "Skarv 2 tent", quantity: 1 }],
  events: [{ state: "delivered", at: before(0, 2), message: "Delivered to the customer", place: "Leeds" }, { state: "out_for_delivery", at: before(0, 5), message: "", place: "Leeds" }, { state: "in_transit", at: before(1), message: "Sorted", place: "East Midlands" }],
  created_at: before(3), in_transit_at: before(2), estimate: null, delivered_at: before(0, 2), ...changes,
});

export const fakeOrder = (changes: Partial<ShopOrder> = {}): ShopOrder => ({
  id: "o-1042", store: "shop-1", gid: "gid://shopify/Order/1042", number: "1042", name: "#1042", match: "customer", verified: true, evidence: "matched by e-mail, DMARC passed", spoken: true,
  placed_at: before(13), updated_at: before(0, 2), synced_at: before(0), cancelled_at: null, cancel_reason: "", payment: "paid", fulfilment: "fulfilled", return_state: "",
  totals: { subtotal: pounds("428.00"), shipping: pounds("0.00"), tax: pounds("71.33"), discounts: pounds("0.00"), total: pounds("428.00"), paid: pounds("428.00"), refunded: pounds("0.00"), outstanding: pounds("0.00"), left: pounds("428.00"), store_total: null, taxes_included: true },
  paid_by: "Visa 4242", lines: [fakeLine(), fakeLine({ id: "l2", title: "Footprint", variant: "Skarv 2", unit_price: pounds("39.00"), total: pounds("39.00"), paid_price: pounds("39.00"), image: picture(60) })], lines_left: 0,
  parcels: [fakeParcel()], returns: [], refunds: [], disputes: [],
  shipping_address: { first_name: "Dana", last_name: "Miller", company: "", line1: "1 Mill Lane", line2: "", city: "Leeds", province_code: "", zip: "LS1 4AB", country_code: "GB", phone: "", formatted: ["Dana Miller", "1 Mill Lane", "Leeds LS1 4AB", "United Kingdom"], id: "" },
  shipping_method: "DHL Express", discount_codes: [], note: "", tags: [], attributes: [], customer: "gid://shopify/Customer/1", customer_name: "Dana Miller", email: "dana@example.com", phone: "", locale: "en",
  risk: "low", test: false, edited: false, status_page_url: "https://fjellmark.example/orders/1", can: ["refund", "return", "exchange", "reship", "note", "tags", "discount", "gift_card", "confirmation", "invoice"], withheld: [], ...changes,
});

export const fakeCustomer = (changes: Partial<ShopCustomer> = {}): ShopCustomer => ({
  id: "cust-1", store: "shop-1", number: "1", name: "Dana Miller", email: "dana@example.com", phone: "", spent: pounds("1284.00"), orders: 7, how: "email", evidence: "matched by e-mail, DMARC passed", verified: true,
  since: before(760), lifetime: "2 years", note: "", tags: ["VIP"], locale: "en", email_marketing: "subscribed", sms_marketing: "", tax_exempt: false, address: fakeOrder().shipping_address, withheld: [], synced_at: before(0), ...changes,
});

export const fakeShop = (changes: Partial<Shop> = {}): Shop => ({
  stores: [fakeStore()], customers: [fakeCustomer()], more: true, may_tell: true, because: "writes from the address, DMARC passed",
  orders: [
    fakeOrder(),
    fakeOrder({ id: "o-0987", name: "#0987", number: "987", spoken: false, placed_at: before(81), lines: [fakeLine({ id: "l3", title: "Wool socks", variant: "38–40", quantity: 3, current_quantity: 2, unit_price: pounds("14.00"), total: pounds("28.00"), image: "" }), fakeLine({ id: "l4", title: "Stove", variant: "", current_quantity: 0, image: picture(20), unit_price: pounds("59.00"), total: pounds("0.00") })],
      payment: "partially_refunded", totals: { ...fakeOrder().totals, total: pounds("28.00"), paid: pounds("101.00"), refunded: pounds("73.00"), left: pounds("28.00") }, parcels: [fakeParcel({ id: "f2", state: "delayed", delivered_at: null, estimate: before(-2), events: [] })],
      returns: [{ id: "r1", name: "#0987-R1", state: "open", quantity: 1, lines: [{ name: "Wool socks", quantity: 1, reason: "too_small" }], exchange: [], created_at: before(60) }], refunds: [{ id: "rf", total: pounds("73.00"), created_at: before(70), note: "Stove was broken", lines: [] }],
      note: "Please leave it with the neighbour at number 3.", tags: ["gift", "priority"],
    }),
    fakeOrder({ id: "o-0912", name: "#0912", number: "912", spoken: false, placed_at: before(400), cancelled_at: before(399), cancel_reason: "customer", parcels: [], fulfilment: "unfulfilled", payment: "refunded" }),
  ],
  ...changes,
});
