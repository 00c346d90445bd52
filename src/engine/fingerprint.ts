/**
 * A short fingerprint of any plain value, the same wherever and in whatever order it was made.
 * Deliberately for comparing only: it keeps no secret and proves nothing against an adversary.
 */

/** 16 hex digits; equal for equal values whatever the order of their fields (F91). */
export const fingerprint = (value: unknown): string => hash(canonical(value));

/** JSON with sorted keys: a restored checkpoint may hold the same fields in another order (F91). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const fields = Object.entries(value).filter((field) => field[1] !== undefined);
  fields.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return `{${fields.map(([key, field]) => `${key}:${canonical(field)}`).join(',')}}`;
}

/**
 * FNV-1a over UTF-16 units in two lanes: 64 bits as 16 hex digits; for comparing, not for secrets.
 */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b) ^ (b >>> 13);
  }
  const hex = (lane: number) => (lane >>> 0).toString(16).padStart(8, '0');
  return hex(a) + hex(b);
}
