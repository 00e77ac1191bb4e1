import { RATE, encodeWav } from "./wav";

/** Longest message (seconds) that the server takes. */
export const LONGEST = 180;

export interface Recording {
  /** Ends the recording and gives it as WAV. */
  stop: () => Promise<Blob>;
}

/**
 * Records from the microphone. MediaRecorder is of no use here: it gives WebM, and what is played on a line must be WAV
 * or MP3, so the samples are taken as they come.
 */
export async function record(): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  const context = new AudioContext({ sampleRate: RATE });
  try {
    await context.audioWorklet.addModule("/recorder.js");
  } catch (e) {
    stream.getTracks().forEach((t) => t.stop());
    await context.close();
    throw e;
  }
  const parts: Float32Array[] = [];
  let samples = 0;
  const node = new AudioWorkletNode(context, "recorder");
  node.port.onmessage = (e: MessageEvent<Float32Array>) => {
    if (samples < LONGEST * context.sampleRate) parts.push(e.data);
    samples += e.data.length;
  };
  context.createMediaStreamSource(stream).connect(node);
  return {
    stop: async () => {
      stream.getTracks().forEach((t) => t.stop());
      const rate = context.sampleRate;
      await context.close();
      return encodeWav(parts, rate);
    },
  };
}
