/**
 * For memo: whether two drawings agree in these fields of one property, and in all other properties. The property's other
 * fields may move as they like.
 */
export const sameIn =
  <P extends object, K extends keyof P>(name: K, fields: readonly (keyof P[K])[]) =>
  (a: P, b: P): boolean =>
    fields.every((f) => a[name][f] === b[name][f]) && (Object.keys({ ...a, ...b }) as (keyof P)[]).every((k) => k === name || Object.is(a[k], b[k]));
