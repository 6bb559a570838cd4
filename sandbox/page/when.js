import { locale } from "./texts.js";

/** Moments as the phones show them: in the zone of the sandbox's clock, not of the browser. */
let zone;

export const setZone = (name) => { zone = name; };

export const timeOf = (moment) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(moment);

export const dayOf = (moment) =>
  new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long", timeZone: zone }).format(moment);

export const clockTime = (moment) =>
  new Intl.DateTimeFormat(locale(), {
    weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: zone,
  }).format(moment);
