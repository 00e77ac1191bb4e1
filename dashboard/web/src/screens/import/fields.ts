import { words } from "../../lib/format";

/** Fields whose name says too little, in words. */
const named: Record<string, string> = {
  extra: "Keep as an extra field", ignore: "Leave out", email: "E-mail", phone: "Phone", "phone.mobile": "Mobile phone", "phone.home": "Home phone",
  "phone.work": "Work phone", "phone.other": "Other phone", zone: "Time zone", external_id: "Your id of the lead", numbers: "Its numbers", fields: "Its extra fields",
  consent_kind: "Consent: kind", consent_at: "Consent: when", consent_source: "Consent: source", consent_seller: "Consent: seller", consent_proof: "Consent: proof",
};

const fieldName = (field: string): string => named[field] ?? words(field);

const order = ["phone", "phone.mobile", "phone.home", "phone.work", "phone.other", "name", "first_name", "last_name", "email", "external_id", "zone", "postal_code", "state", "country", "status", "owner"];

/** What a column can be mapped to: keeping and leaving out first, then what most files hold. */
export function choices(fields: readonly string[], now: string): { value: string; label: string }[] {
  const place = (f: string) => (f === "extra" ? -2 : f === "ignore" ? -1 : order.includes(f) ? order.indexOf(f) : order.length);
  const all = fields.includes(now) ? [...fields] : [...fields, now];
  return all.sort((a, b) => place(a) - place(b) || a.localeCompare(b)).map((value) => ({ value, label: fieldName(value) }));
}

/** The list's name, proposed from the file's. */
export const listName = (file: string): string => file.replace(/\.[a-z0-9]+$/i, "").replaceAll(/[_-]+/g, " ").trim().slice(0, 200) || "Leads";
