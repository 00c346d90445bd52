/**
 * What the screen itself remembers: focus, scroll, the one dialog, commands on their way.
 * Deliberately no trading state: everything about the market and the account is in the snapshot.
 */
import type {
  BreakerName,
  BrokerOrderId,
  CommandId,
  PositionId,
  Ruling,
  Seq,
  Tone,
  Volume,
  Wall,
} from '../engine/index.ts';
import { type EquityTrace, NO_TRACE } from './equity.ts';
import type { PanelId } from './layout.ts';
import { type LoginProgress, NO_LOGIN } from './login.ts';
import type { ThemeName } from './look.ts';
import type { OutputCost } from './pace.ts';
import type { Playback, PlaybackWish } from './playback.ts';

/** Actions that need a typed word; each is bound to what was shown when it opened (F114). */
export type Danger =
  | { readonly type: 'close'; readonly positionId: PositionId; readonly volume: Volume }
  | { readonly type: 'flatten' }
  /** `row` is what it is in the table or the inbox. */
  | { readonly type: 'cancel'; readonly brokerOrderId: BrokerOrderId; readonly row: string }
  | { readonly type: 'resume' };

export type Dialog =
  | { readonly type: 'help'; readonly top: number }
  | { readonly type: 'details'; readonly row: string }
  /** One entry of the activity, whole. */
  | { readonly type: 'entry'; readonly seq: Seq }
  /** One decision with all its gates. */
  | { readonly type: 'explain'; readonly barTime: Wall }
  /** `asked` is the reset that was sent from here. */
  | { readonly type: 'breakers'; readonly index: number; readonly asked?: CommandId }
  | { readonly type: 'inbox'; readonly index: number }
  /** `typed` is what was typed of an answer; it is counted, never shown. */
  | { readonly type: 'login'; readonly typed: string }
  | { readonly type: 'diagnostics' }
  | { readonly type: 'palette'; readonly typed: string; readonly index: number }
  /** The rung is chosen and confirmed by typing its word; what is typed fades. */
  | { readonly type: 'ladder'; readonly typed: string; readonly typedAt: number }
  | {
      readonly type: 'verdict';
      readonly ruling: Ruling;
      readonly typed: string;
      readonly index: number;
      /** Text form of what is ruled on; when it changes the question is void. */
      readonly shown: string;
    }
  | { readonly type: 'reset'; readonly breaker: BreakerName; readonly typed: string }
  | { readonly type: 'filter'; readonly typed: string }
  /** `typedAt`: screen-clock milliseconds of the last key. */
  | { readonly type: 'arming'; readonly typed: string; readonly typedAt: number }
  | { readonly type: 'quit' }
  | {
      readonly type: 'confirm';
      readonly danger: Danger;
      readonly typed: string;
      readonly openedAt: number;
      /** The snapshot the person was looking at. */
      readonly seen: Seq;
      /** Text form of everything the dialog states; when it changes the dialog is void. */
      readonly shown: string;
    };

export interface Notice {
  readonly tone: Tone;
  readonly text: string;
  /** Screen-clock milliseconds. */
  readonly until: number;
}

/** A command that was sent and not yet answered by a snapshot. */
export interface Pending {
  readonly id: CommandId;
  readonly words: string;
  /** What it acts on; the same target is not commanded twice while one is on its way. */
  readonly target: string;
  readonly sentAt: number;
}

export interface UiState {
  readonly columns: number;
  readonly rows: number;
  readonly focus: PanelId;
  readonly tab: PanelId;
  readonly zoom: boolean;
  /** Row id in the table of positions and orders; absent selects the first. */
  readonly selected: string | undefined;
  /** Newest item shown at the top of a ledger; absent follows the newest. */
  readonly anchor: { readonly why: number | undefined; readonly activity: number | undefined };
  readonly filter: string;
  readonly theme: ThemeName;
  readonly dialog: Dialog | undefined;
  readonly notice: Notice | undefined;
  readonly pending: readonly Pending[];
  readonly commandPrefix: string;
  readonly commandCount: number;
  readonly role: 'operator' | 'observer';
  readonly operator: string;
  /** The engine is another process: it goes on when this screen leaves. */
  readonly detaches: boolean;
  /** Screen-clock milliseconds of the last input, and of the last snapshot. */
  readonly now: number;
  readonly snapshotAt: number | undefined;
  readonly repaints: number;
  /** Text for the terminal's clipboard; written whenever the count has grown. */
  readonly copied: { readonly count: number; readonly text: string };
  readonly canCopy: boolean;
  /** What drawing costs the line just now; absent until it is known. */
  readonly output: OutputCost | undefined;
  readonly login: LoginProgress;
  /** A login can be made from here. */
  readonly canLogin: boolean;
  /** Equity as this screen has seen it. */
  readonly equity: EquityTrace;
  readonly leaving: boolean;
  /** What the recording does that is shown; absent where the screen shows an engine. */
  readonly playback: Playback | undefined;
  /** The last wish of it; whoever hands wishes on looks at the count. */
  readonly wished: { readonly count: number; readonly wish: PlaybackWish | undefined };
  /** The engine behind this screen can end and begin again in live mode. */
  readonly canGoLive: boolean;
  /** The person wants that. */
  readonly goingLive: boolean;
  /** The arming dialog opens by itself, once, as soon as there is something to arm. */
  readonly asksArming: boolean;
}

export interface UiStart {
  readonly columns: number;
  readonly rows: number;
  readonly theme: ThemeName;
  /** Unique among all screens of this engine: command ids begin with it. */
  readonly commandPrefix: string;
  readonly role: 'operator' | 'observer';
  /** Operating-system user, for the audit. */
  readonly operator: string;
  readonly now: number;
  /** False where the terminal has no clipboard to give text to. */
  readonly canCopy?: boolean;
  readonly canGoLive?: boolean;
  readonly canLogin?: boolean;
  readonly asksArming?: boolean;
  readonly playback?: Playback | undefined;
  /** True where leaving the screen does not end the engine. */
  readonly detaches?: boolean;
}

export function initialUi(start: UiStart): UiState {
  return {
    canCopy: true,
    canGoLive: false,
    canLogin: false,
    asksArming: false,
    detaches: false,
    playback: undefined,
    ...start,
    focus: 'blotter',
    tab: 'blotter',
    zoom: false,
    selected: undefined,
    anchor: { why: undefined, activity: undefined },
    filter: '',
    dialog: undefined,
    notice: undefined,
    pending: [],
    commandCount: 0,
    snapshotAt: undefined,
    repaints: 0,
    copied: { count: 0, text: '' },
    wished: { count: 0, wish: undefined },
    output: undefined,
    login: NO_LOGIN,
    equity: NO_TRACE,
    leaving: false,
    goingLive: false,
  };
}

/** How long after a key a dialog may still confirm (F114). */
export const CONFIRM_MS = 10_000;
export const NOTICE_MS = 6_000;
/** Silence after which the screen says that the engine does not answer. */
export const LATE_MS = 3_000;
export const PENDING_MAX = 20;
export const TYPED_MAX = 120;

/** Milliseconds the shown snapshot is old, 0 while it is current. */
export function lateMs(ui: UiState): number {
  if (ui.snapshotAt === undefined) return 0;
  const late = ui.now - ui.snapshotAt;
  return late >= LATE_MS ? late : 0;
}

/** The words to type for each danger: never a key that opens anything by itself. */
export const CONFIRM_WORD: Readonly<Record<Danger['type'], string>> = {
  close: 'close',
  cancel: 'cancel',
  flatten: 'flatten',
  resume: 'resume',
};
