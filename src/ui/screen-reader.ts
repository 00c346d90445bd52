/**
 * The screen for a reader that speaks: the same keys, dialogs and wishes, written as plain lines.
 * Deliberately no cursor movement, no colour, no alternate screen; words are made in `spoken.ts`.
 */
import type { Snapshot } from '../engine/index.ts';
import { PUBLISH_MS } from './pace.ts';
import { followed } from './playback.ts';
import { type MountedScreen, type ScreenOptions, startOf } from './screen-options.ts';
import { BELL, copySequence, ringsFor, troubles } from './signals.ts';
import {
  alertLines,
  changeLines,
  keyWords,
  type Moment,
  screenLines,
  stateLines,
  typedIn,
} from './spoken.ts';
import { Terminal, writeToDescriptor } from './terminal.ts';
import { lateMs, type UiState } from './ui-state.ts';
import { type UiInput, update } from './update.ts';
import { notice } from './wishes.ts';

const TICK_MS = 1_000;
/** Engine time after which the state is read although it is not complete yet. */
const STATE_LATEST_MS = 5_000;
const SUSPENDED = 'Ctrl-Z would stop the engine as well: use tmux, or leave with q and attach.';

export class ScreenReader implements MountedScreen {
  readonly #options: ScreenOptions;
  readonly #terminal: Terminal;
  readonly #stops: (() => void)[] = [];
  #ui: UiState;
  #snapshot: Snapshot | undefined;
  /** The picture whose news has been told; alerts are told even while a word is being typed. */
  #told: Snapshot | undefined;
  #alerted: Snapshot | undefined;
  #troubles: readonly string[] | undefined;
  #isFresh = false;
  #isLate = false;
  #inputAt = 0;
  /** Lines still on their way; news waits for them, and only the latest is told then. */
  #writing = 0;
  /** Typed letters stand at the end of the last line. */
  #isEchoing = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    const { stdout, stdin, process, clock } = options;
    const writeNow = (text: string): void => {
      if (stdout.fd === undefined) stdout.write(text, () => undefined);
      else writeToDescriptor(stdout.fd, text);
    };
    const { every } = clock;
    this.#terminal = new Terminal({ stdout, stdin, process, every, writeNow, lines: true });
    this.#ui = startOf(options, this.#terminal.columns, this.#terminal.rows);
  }

  mount(): void {
    const { link, clock, onHangUp, version } = this.#options;
    this.#terminal.enter();
    this.#say([`palm-oil-tui ${version}, connecting. Every change is a line; ? reads the keys.`]);
    this.#terminal.listen({
      input: (input) => {
        if (input.type === 'key' && input.key === 'ctrl-z') this.#suspend();
        else this.#input({ ...input, now: clock.now() });
      },
      resized: () => undefined,
      resumed: () => this.#say(stateLines(this.#moment())),
      hungUp: () => onHangUp?.(),
    });
    this.#stops.push(
      link.subscribe((snapshot) => {
        this.#snapshot = snapshot;
        this.#isFresh = true;
      }),
    );
    this.#stops.push(clock.every(PUBLISH_MS, () => this.#publish()));
  }

  readonly unmount = (): void => {
    for (const stop of this.#stops.splice(0)) stop();
    if (this.#isEchoing) this.#say([]);
    this.#terminal.leave();
  };

  #moment(): Moment {
    return { ui: this.#ui, snapshot: this.#snapshot };
  }

  #publish(): void {
    const now = this.#options.clock.now();
    if (this.#writing > 0) return;
    if (this.#isFresh) {
      this.#isFresh = false;
      this.#input({ type: 'snapshot', now });
      this.#tellNews();
    } else if (now - this.#inputAt >= TICK_MS) this.#input({ type: 'tick', now });
    this.#tellSilence();
  }

  /** The market's news waits while a word is typed, so that nobody loses what they say. */
  #tellNews(): void {
    const snapshot = this.#snapshot;
    if (snapshot === undefined) return;
    if (this.#told === undefined) {
      const isSettled = snapshot.link.state === 'READY' || snapshot.runtimeMs > STATE_LATEST_MS;
      if (!isSettled) return;
      this.#say(stateLines(this.#moment()));
      this.#told = snapshot;
    } else {
      this.#say(alertLines(this.#alerted, snapshot));
      if (typedIn(this.#ui) === undefined) {
        this.#say(changeLines(this.#told, snapshot));
        this.#told = snapshot;
      }
    }
    this.#alerted = snapshot;
    const now = troubles(snapshot);
    if (this.#options.bell !== false && ringsFor(this.#troubles, now)) this.#write(BELL);
    this.#troubles = now;
  }

  /** Said once when it begins and once when it is over (F116). */
  #tellSilence(): void {
    const isLate = lateMs(this.#ui) > 0;
    if (isLate === this.#isLate) return;
    this.#isLate = isLate;
    this.#say([isLate ? 'ALERT: the engine does not answer.' : 'Over: the engine answers again.']);
  }

  #suspend(): void {
    if (this.#options.suspendable === true) {
      this.#terminal.suspend();
      return;
    }
    this.#ui = notice({ ...this.#ui, now: this.#options.clock.now() }, 'warn', SUSPENDED);
    this.#say([SUSPENDED]);
  }

  #input(input: UiInput): void {
    this.#inputAt = input.now;
    const before: Moment = this.#moment();
    const [ui, commands] = update(before.ui, input, this.#snapshot);
    this.#ui = followed(ui, before.ui, this.#options.playback);
    for (const command of commands) this.#options.link.send(command);
    const lines = screenLines(this.#heard(before, input), this.#moment());
    if (lines.length > 0) this.#say(lines);
    else if (input.type === 'key' && !this.#echo(before.ui)) this.#answerKey(before.ui, input.key);
    if (ui.copied.count !== before.ui.copied.count) this.#write(copySequence(ui.copied.text));
    if (ui.leaving && !before.ui.leaving) this.#options.onQuit();
    if (ui.goingLive && !before.ui.goingLive) this.#options.onGoLive?.();
  }

  /** What a dialog said last was said of the picture before. */
  #heard(before: Moment, input: UiInput): Moment {
    return input.type === 'snapshot' ? { ...before, snapshot: this.#alerted } : before;
  }

  /** Letters come back as they are typed; a word that was taken back is read anew. */
  #echo(before: UiState): boolean {
    const was = typedIn(before);
    const is = typedIn(this.#ui);
    if (is === undefined || was === undefined || is === was) return is !== undefined;
    if (is === '') this.#say(['typed: nothing']);
    else {
      const goesOn = is.startsWith(was) && (this.#isEchoing || was === '');
      if (!goesOn) this.#say([]);
      this.#isEchoing = true;
      this.#write(goesOn ? is.slice(was.length) : `typed: ${is}`);
    }
    return true;
  }

  #answerKey(before: UiState, key: string): void {
    if (before.dialog !== undefined || this.#ui.dialog !== undefined) return;
    const words = keyWords(key, this.#ui);
    if (words !== undefined && !this.#ui.leaving) this.#say([words]);
  }

  #say(lines: readonly string[]): void {
    const end = this.#isEchoing ? '\n' : '';
    this.#isEchoing = false;
    if (lines.length === 0 && end === '') return;
    this.#write(end + lines.map((line) => `${line}\n`).join(''));
  }

  #write(text: string): void {
    this.#writing += 1;
    this.#options.stdout.write(text, () => {
      this.#writing -= 1;
    });
  }
}
