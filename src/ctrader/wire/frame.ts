// Length-prefixed frames out of a byte stream cut anywhere, and the prefix for frames going out.
// It does not look inside a frame, own a socket or decide what a fault means for the connection.

/** Bounds of everything that comes from the wire (F12 F13). */
export const WIRE_LIMITS = {
  /** Largest frame body before application authorisation: nothing large is due yet. */
  frameBytesBeforeAuth: 64 * 1024,
  /** Largest frame body afterwards; the largest lists seen are hundreds of kilobytes. */
  frameBytes: 8 * 1024 * 1024,
  /** Deepest nesting of records and groups in one message; the schema itself needs four. */
  nesting: 16,
  /** Most list entries, records and unknown fields in one message. */
  elements: 50_000,
  /** Most field occurrences in one message: keeps the time per frame bounded. */
  fields: 500_000,
} as const;

const PREFIX_BYTES = 4;
const FIRST_ALLOCATION_BYTES = 4096;

/** `emptyFrame`: the stream goes on. `tooLong`: the reader is finished, the link must be closed. */
export type FrameFault =
  | { readonly type: 'emptyFrame'; readonly count: number }
  | { readonly type: 'tooLong'; readonly declaredBytes: number; readonly limitBytes: number };

export interface FrameBatch {
  /**
   * Complete frame bodies (without prefix) in arrival order. They may share memory with the chunk
   * that was pushed: decode or copy them before that memory is used again.
   */
  readonly frames: readonly Uint8Array[];
  readonly fault?: FrameFault;
}

export interface FrameReader {
  /** Takes the next bytes of the stream; a partial frame waits for the next call (F03 F04). */
  push(chunk: Uint8Array): FrameBatch;
  /** Raises the limit to `bytes`; a lower value changes nothing. */
  raiseLimit(bytes: number): void;
  /** Bytes of an incomplete frame held back, prefix included. */
  heldBytes(): number;
}

/** The big-endian length prefix in front of `body`; throws on an empty or over-long body. */
export function toFrame(body: Uint8Array): Uint8Array {
  if (body.length === 0) throw new RangeError('a frame carries at least one byte');
  if (body.length > WIRE_LIMITS.frameBytes) {
    throw new RangeError(`a frame carries at most ${WIRE_LIMITS.frameBytes} bytes`);
  }
  const frame = new Uint8Array(PREFIX_BYTES + body.length);
  writePrefix(frame, body.length);
  frame.set(body, PREFIX_BYTES);
  return frame;
}

function writePrefix(target: Uint8Array, length: number): void {
  target[0] = length >>> 24;
  target[1] = length >>> 16;
  target[2] = length >>> 8;
  target[3] = length;
}

function readPrefix(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16);
  return (high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}

/**
 * One reader per connection: it is born empty, so a fragment never reaches the next link (F03).
 * Memory follows the bytes received, never the length declared (F12).
 */
export function frameReader(limit: { readonly maxBytes: number }): FrameReader {
  return new Assembler(limit.maxBytes);
}

const NO_BYTES = new Uint8Array(0);

class Assembler implements FrameReader {
  #maxBytes: number;
  #held: Uint8Array = NO_BYTES;
  #heldBytes = 0;
  #finished: FrameFault | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): FrameBatch {
    const frames: Uint8Array[] = [];
    if (this.#finished !== undefined) return { frames, fault: this.#finished };
    let empty = 0;
    let at = 0;
    while (at < chunk.length) {
      const direct = this.#heldBytes === 0 && chunk.length - at >= PREFIX_BYTES;
      if (!direct) at = this.#hold(chunk, at);
      if (!direct && this.#heldBytes < PREFIX_BYTES) break;
      const declared = direct ? readPrefix(chunk, at) : readPrefix(this.#held, 0);
      if (declared > this.#maxBytes) return { frames, fault: this.#finish(declared) };
      const frameBytes = PREFIX_BYTES + declared;
      if (direct && at + frameBytes > chunk.length) {
        at = this.#hold(chunk, at, chunk.length);
      } else if (direct) {
        if (declared > 0) frames.push(chunk.subarray(at + PREFIX_BYTES, at + frameBytes));
        at += frameBytes;
      } else if (this.#heldBytes === frameBytes) {
        if (declared > 0) frames.push(this.#held.subarray(PREFIX_BYTES, frameBytes));
        this.#forget();
      } else {
        continue;
      }
      if (declared === 0) empty += 1;
    }
    return empty === 0 ? { frames } : { frames, fault: { type: 'emptyFrame', count: empty } };
  }

  raiseLimit(bytes: number): void {
    this.#maxBytes = Math.max(this.#maxBytes, bytes);
  }

  heldBytes(): number {
    return this.#heldBytes;
  }

  /** Appends what the held fragment still lacks, at most up to `to`; returns where it stopped. */
  #hold(chunk: Uint8Array, from: number, to = from + this.#lacking()): number {
    const end = Math.min(chunk.length, to);
    const needed = this.#heldBytes + (end - from);
    if (needed > this.#held.length) {
      const larger = new Uint8Array(
        Math.max(needed, this.#held.length * 2, FIRST_ALLOCATION_BYTES),
      );
      larger.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = larger;
    }
    this.#held.set(chunk.subarray(from, end), this.#heldBytes);
    this.#heldBytes = needed;
    return end;
  }

  /** Bytes the held fragment lacks for its prefix, or once that is known, for its frame. */
  #lacking(): number {
    if (this.#heldBytes < PREFIX_BYTES) return PREFIX_BYTES - this.#heldBytes;
    return PREFIX_BYTES + readPrefix(this.#held, 0) - this.#heldBytes;
  }

  /** The memory is not reused: the frame just handed out lives in it, and it may be large. */
  #forget(): void {
    this.#held = NO_BYTES;
    this.#heldBytes = 0;
  }

  #finish(declaredBytes: number): FrameFault {
    this.#forget();
    this.#finished = { type: 'tooLong', declaredBytes, limitBytes: this.#maxBytes };
    return this.#finished;
  }
}
