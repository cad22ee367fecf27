/** Whether `known` is what stands from `from` to `end`: byte by byte, as what is compared is short and Buffer.compare needs a view of it. */
export function equalBytes(known: Uint8Array, source: Uint8Array, from: number, end: number): boolean {
  if (known.length !== end - from) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== source[from + at]) return false;
  return true;
}
