/**
 * Mounts the screen: link, terminal and clock on one side, one frame through Ink on the other.
 * Deliberately thin: what keys mean is in `update.ts`, what is drawn in `frame.ts`, bytes in the
 * writer.
 */
import type { Snapshot } from '../engine/index.ts';
import { FrameMemo, frameLines, type View } from './frame.ts';
import { isSame } from './frame-memo.ts';
import { FrameStore } from './frame-store.ts';
import {
  detectAscii,
  detectColour,
  type Look,
  makeLook,
  modeWords,
  type ThemeName,
} from './look.ts';
import { Pace, PUBLISH_MS } from './pace.ts';
import { followed } from './playback.ts';
import { type MountedScreen, type ScreenOptions, startOf } from './screen-options.ts';
import { ScreenReader } from './screen-reader.ts';
import { ScreenWriter } from './screen-writer.ts';
import { BELL, copySequence, ringsFor, troubles } from './signals.ts';
import { Terminal, writeToDescriptor } from './terminal.ts';
import { printable } from './text.ts';
import type { UiState } from './ui-state.ts';
import { type UiInput, update } from './update.ts';
import { notice } from './wishes.ts';

export type { MountedScreen, ScreenOptions } from './screen-options.ts';

/** Ages and countdowns move at least this often. */
const TICK_MS = 1_000;
/** Foreign bytes on the terminal disappear at the latest then. */
const REPAINT_MS = 60_000;
/** Engine time after which Ink is loaded although there are no prices yet. */
const INK_LATEST_MS = 5_000;

class Screen implements MountedScreen {
  readonly #options: ScreenOptions;
  readonly #terminal: Terminal;
  readonly #writer: ScreenWriter;
  readonly #store = new FrameStore();
  readonly #memo = new FrameMemo();
  readonly #stops: (() => void)[] = [];
  #ui: UiState;
  #look: Look;
  #snapshot: Snapshot | undefined;
  readonly #pace = new Pace();
  #troubles: readonly string[] | undefined;
  #title = '';
  #extraBytes = 0;
  #fresh = false;
  #drawnAt = 0;
  /** What was drawn last: Ink begins with it, so that taking over is no picture of its own. */
  #shown: readonly string[] = [];
  #wholeAt = 0;
  /** Present once Ink draws. */
  #unmountInk: (() => void) | undefined;
  #inkAsked = false;
  #closed = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const { stdout, stdin, process, clock } = options;
    const writeNow = (text: string): void => {
      if (stdout.fd === undefined) stdout.write(text, () => undefined);
      else writeToDescriptor(stdout.fd, text);
    };
    this.#terminal = new Terminal({ stdout, stdin, process, every: clock.every, writeNow });
    this.#writer = new ScreenWriter(stdout);
    this.#ui = startOf(options, this.#terminal.columns, this.#terminal.rows);
    this.#look = this.#lookFor(this.#ui.theme);
    this.#wholeAt = clock.now();
  }

  mount(): void {
    const { link, clock, onHangUp } = this.#options;
    this.#terminal.enter();
    // The first picture does not wait for React.
    this.#draw();
    this.#terminal.listen({
      input: (input) => {
        if (input.type === 'key' && input.key === 'ctrl-z') this.#suspend();
        else this.#input({ ...input, now: clock.now() });
      },
      resized: () => {
        const { columns, rows } = this.#terminal;
        this.#writer.forget();
        this.#input({ type: 'resize', columns, rows, now: clock.now() });
      },
      resumed: () => {
        this.#writer.forget();
        this.#draw();
      },
      hungUp: () => onHangUp?.(),
    });
    if (this.#options.renderer === 'ink') void this.#loadInk();
    this.#stops.push(link.subscribe((snapshot) => this.#received(snapshot)));
    this.#stops.push(clock.every(PUBLISH_MS, () => this.#publish()));
  }

  readonly unmount = (): void => {
    for (const stop of this.#stops.splice(0)) stop();
    this.#writer.close();
    this.#closed = true;
    this.#unmountInk?.();
    this.#terminal.leave();
  };

  /** The market is on the screen, or it is long in coming. */
  #isSettled(snapshot: Snapshot): boolean {
    return snapshot.link.state === 'READY' || snapshot.runtimeMs > INK_LATEST_MS;
  }

  /**
   * Ink and React are half of the start: the first pictures are painted without them, and they take
   * over once a person has something to look at.
   */
  async #loadInk(): Promise<void> {
    this.#inkAsked = true;
    const { mountInk } = await import('./ink-root.tsx');
    if (this.#closed) return;
    const paint = (lines: readonly string[]): void => this.#writer.paint(lines, this.#ui.columns);
    this.#store.publish(this.#shown);
    const { stdin, stdout, renderer } = this.#options;
    const own = renderer === 'ink' ? { stdout } : { paint };
    this.#unmountInk = mountInk({ store: this.#store, stdin, ...own });
  }

  #lookFor(theme: ThemeName): Look {
    const { env, colour, ascii } = this.#options;
    return makeLook({
      theme,
      colour: colour === false ? 'none' : detectColour(env),
      ascii: ascii ?? detectAscii(env),
    });
  }

  #received(snapshot: Snapshot): void {
    const first = this.#snapshot === undefined;
    this.#snapshot = snapshot;
    this.#fresh = true;
    if (first) this.#publish();
    this.#ring(snapshot);
    if (this.#inkAsked || !this.#isSettled(snapshot)) return;
    // Without asking the pace: once Ink is being loaded nothing is drawn for a while.
    this.#fresh = false;
    this.#input({ type: 'snapshot', now: this.#options.clock.now() });
    void this.#loadInk();
  }

  /** News of the last tenth of a second, or the passing of a second. */
  #publish(): void {
    const now = this.#options.clock.now();
    if (now - this.#wholeAt >= REPAINT_MS) {
      this.#wholeAt = now;
      this.#writer.refresh();
    }
    this.#ui = { ...this.#ui, output: this.#cost(now) };
    if (!this.#pace.due(now, this.#writer.busy)) return;
    if (this.#fresh) {
      this.#fresh = false;
      this.#input({ type: 'snapshot', now });
    } else if (now - this.#drawnAt >= TICK_MS) this.#input({ type: 'tick', now });
  }

  #cost(now: number): UiState['output'] {
    const { bytes, frames } = this.#writer;
    const dropped = this.#writer.dropped + this.#pace.skipped;
    return { ...this.#pace.cost(now, bytes + this.#extraBytes, frames), dropped };
  }

  #ring(snapshot: Snapshot): void {
    const now = troubles(snapshot);
    if (this.#options.bell !== false && ringsFor(this.#troubles, now)) this.#say(BELL);
    this.#troubles = now;
  }

  /** Bytes that move no cursor and draw no cell. */
  #say(bytes: string): void {
    this.#extraBytes += bytes.length;
    this.#options.stdout.write(bytes, () => undefined);
  }

  /** A stopped process trades nothing: with the engine in it, Ctrl-Z only says what to do. */
  #suspend(): void {
    if (this.#options.suspendable === true) {
      this.#terminal.suspend();
      return;
    }
    const words = 'Ctrl-Z would stop the engine as well: use tmux, or leave with q and attach.';
    this.#ui = notice({ ...this.#ui, now: this.#options.clock.now() }, 'warn', words);
    this.#draw();
  }

  #input(input: UiInput): void {
    const before = this.#ui;
    const [ui, commands] = update(before, input, this.#snapshot);
    this.#ui = followed(ui, before, this.#options.playback);
    for (const command of commands) this.#options.link.send(command);
    if (ui.theme !== before.theme) this.#look = this.#lookFor(ui.theme);
    if (ui.repaints !== before.repaints) this.#writer.forget();
    if (ui.copied.count !== before.copied.count) this.#say(copySequence(ui.copied.text));
    this.#draw();
    if (ui.login.count !== before.login.count) this.#logIn();
    if (ui.leaving && !before.leaving) this.#options.onQuit();
    if (ui.goingLive && !before.goingLive) this.#options.onGoLive?.();
  }

  #draw(): void {
    this.#drawnAt = this.#options.clock.now();
    this.#nameWindow();
    const lines = this.#lines();
    if (this.#writer.isKnown && isSame(lines, this.#shown)) return;
    this.#shown = lines;
    if (this.#unmountInk !== undefined) this.#store.publish(this.#shown);
    else if (this.#options.renderer !== 'ink') {
      this.#writer.paint(this.#shown, this.#ui.columns);
    }
  }

  #lines(): readonly string[] {
    const view: View = {
      snapshot: this.#snapshot,
      ui: this.#ui,
      look: this.#look,
      version: this.#options.version,
    };
    return frameLines(view, this.#memo);
  }

  #logIn(): void {
    const { login: desk, clock } = this.#options;
    const { wish } = this.#ui.login;
    if (desk === undefined || wish === undefined) return;
    if (wish.type === 'begin') {
      desk.begin((step) => {
        if (!this.#closed) this.#input({ type: 'login', step, now: clock.now() });
      });
    } else if (wish.type === 'answer') desk.answer(wish.text);
    else desk.cancel();
    // What was pasted is a secret for a minute: it is not kept.
    this.#ui = { ...this.#ui, login: { ...this.#ui.login, wish: undefined } };
  }

  /** The mode is in the window title as well (F116). */
  #nameWindow(): void {
    if (this.#snapshot === undefined) return;
    const { environment, mode, instrument } = this.#snapshot;
    const played = this.#ui.playback === undefined ? '' : 'REPLAY ';
    const words = `${played}${modeWords(environment, mode)}`;
    const title = printable(`${words} ${instrument?.name ?? ''} palm-oil-tui`);
    if (title === this.#title) return;
    this.#title = title;
    this.#say(`\x1b]2;${title}\x07`);
  }
}

/** Takes the terminal, draws, and hands wishes to the link until `unmount`. */
export function mountScreen(options: ScreenOptions): MountedScreen {
  const screen = options.reads === true ? new ScreenReader(options) : new Screen(options);
  screen.mount();
  return screen;
}
