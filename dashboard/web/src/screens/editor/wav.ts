/** Samples per second of what is recorded here: as much as a line carries in wideband. */
export const RATE = 16_000;

/** Joins what a microphone gave into a mono WAV of 16-bit samples; louder than full scale is cut to it. */
export function encodeWav(parts: readonly Float32Array[], rate: number): Blob {
  const count = parts.reduce((n, p) => n + p.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const text = (at: number, s: string) => [...s].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * count, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); // length of this chunk
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // mono
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true); // bytes per second
  view.setUint16(32, 2, true); // bytes per frame
  view.setUint16(34, 16, true); // bits per sample
  text(36, "data");
  view.setUint32(40, 2 * count, true);
  let at = 44;
  for (const part of parts)
    for (const s of part) {
      view.setInt16(at, Math.round(Math.max(-1, Math.min(1, s)) * 32_767), true);
      at += 2;
    }
  return new Blob([view.buffer], { type: "audio/wav" });
}
