// Owns which bytes of a scan are text. Pure.

const groupSeparator = 0x1d;
const trailing: readonly number[] = [0x09, 0x0a, 0x0d];

/** Printable, or GS, which stands between two GS1 elements. */
export function isReadableByte(byte: number): boolean {
  return (byte >= 0x20 && byte !== 0x7f && byte !== 0xff) || byte === groupSeparator;
}

/** Text of the bytes, or null when they are no UTF-8: a wrong baud rate or parity looks so. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /[\u0080-\u009f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/**
 * Text of what came under a checksum: bytes that are no UTF-8 are then Latin-1, as symbols are by
 * default, and line ends that the scanner was set to add are no part of it. Null for other
 * control characters.
 */
export function decodeChecked(bytes: Uint8Array): string | null {
  let length = bytes.length;
  while (length > 0 && trailing.includes(bytes[length - 1] ?? 0)) length -= 1;
  const kept = bytes.subarray(0, length);
  const hasControl = kept.some((byte) => byte !== 0xff && !isReadableByte(byte));
  if (hasControl) return null;
  return decodeUtf8(kept) ?? latin1(kept);
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
