/**
 * The `panic` verb: reduces risk from the shell and reports what is proven and what is still open.
 * Deliberately believes the engine's picture, not the answer to the command: "sent" proves nothing.
 */
import {
  type CommandBody,
  type CommandView,
  commandId,
  type Rung,
  type RungProof,
  rungProof,
  type Snapshot,
  untrusted,
} from '../../engine/index.ts';
import { NoEngine, type RemoteLink } from '../../runtime/link-socket.ts';
import { systemClock } from '../../runtime/loop.ts';
import { printable } from '../../ui/text.ts';
import { engineName, findEngines } from '../engine-finder.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { operatorName } from '../operator-name.ts';
import { linkPlatform } from '../run-link.ts';
import type { LinkRequest } from './link-options.ts';

const NAME = 'palm-oil-tui';

export interface PanicWish {
  readonly stopEntries: boolean;
  readonly reduceOnly: boolean;
  /** Gives up every order of ours that waits at the broker. */
  readonly cancel: boolean;
  readonly flatten: boolean;
  /** How long proof is waited for. */
  readonly waitMs: number;
  readonly json: boolean;
}

/** Sends what was wished for; 0 when all of it is proven, `unproven` or `noEngine` otherwise. */
export async function panicCommand(request: LinkRequest, wish: PanicWish, io: Io): Promise<number> {
  const bodies = bodiesOf(wish);
  if (bodies.length === 0 && !wish.cancel) {
    io.stderr.write(`${NAME}: panic needs --stop-entries, --reduce-only, --cancel or --flatten.\n`);
    return EXIT.usage;
  }
  try {
    const found = await findEngines(request, linkPlatform(io.env), { role: 'panic', most: 8 });
    const [link, ...others] = found;
    if (others.length > 0) {
      for (const one of found) one.close();
      io.stderr.write(
        `${NAME}: ${found.length} engines run (${found.map(engineName).join('; ')}): name one ` +
          'with --env, --account or --socket. Nothing was sent.\n',
      );
      return EXIT.usage;
    }
    const result = await new Panic(link, bodies, wish).outcome();
    link.close();
    io.stdout.write(wish.json ? `${JSON.stringify(result, null, 2)}\n` : textOf(result));
    return result.open.length === 0 ? EXIT.ok : EXIT.unproven;
  } catch (error) {
    if (!(error instanceof NoEngine)) throw error;
    io.stderr.write(`${NAME}: ${error.message} Nothing was sent.\n`);
    return EXIT.noEngine;
  }
}

/** In the order of the ladder, the mildest first. */
function bodiesOf(wish: PanicWish): readonly CommandBody[] {
  const kill: CommandBody = { type: 'kill', flatten: wish.flatten };
  return [
    ...(wish.reduceOnly ? [{ type: 'setTradingState', state: 'reducing' } as const] : []),
    ...(wish.stopEntries || wish.flatten ? [kill] : []),
  ];
}

/** Judges a picture by what was wished for, whoever brought it about. */
export function proofOf(snapshot: Snapshot, wish: PanicWish): RungProof {
  const rungs: readonly Rung[] = [
    ...(wish.reduceOnly ? (['reduce'] as const) : []),
    ...(wish.stopEntries || wish.flatten ? (['stop'] as const) : []),
    ...(wish.cancel || wish.flatten ? (['cancel'] as const) : []),
    ...(wish.flatten ? (['flatten'] as const) : []),
  ];
  const proofs = rungs.map((rung) => rungProof(rung, snapshot));
  // Both rungs say it when the link is down; once is enough.
  const open = new Set(proofs.flatMap((one) => one.open));
  return { proven: proofs.flatMap((one) => one.proven), open: [...open] };
}

interface Outcome extends RungProof {
  readonly engine: string;
  readonly sent: readonly string[];
  /** Refusals of the engine, and what was deliberately left alone. */
  readonly remarks: readonly string[];
}

/** A close that was refused (market closed, price moved) is asked for again, but not for ever. */
const REPEATS_MAX = 3;
const REPEAT_MS = 1_000;

class Panic {
  readonly #link: RemoteLink;
  readonly #wish: PanicWish;
  readonly #clock = systemClock();
  readonly #sent: { readonly id: string; readonly body: CommandBody }[] = [];
  readonly #cancelled = new Set<string>();
  #repeats = 0;
  #repeatedAt = -REPEAT_MS;

  constructor(link: RemoteLink, bodies: readonly CommandBody[], wish: PanicWish) {
    this.#link = link;
    this.#wish = wish;
    for (const body of bodies) this.#send(body);
  }

  /** Waits until everything is proven, the time is over or the engine is gone. */
  async outcome(): Promise<Outcome> {
    let unsubscribe: () => void = () => undefined;
    const proven = new Promise<undefined>((resolve) => {
      const late = this.#clock.after(this.#wish.waitMs, () => resolve(undefined));
      unsubscribe = this.#link.subscribe((snapshot) => {
        this.#cancelAll(snapshot);
        if (!this.#isAnswered(snapshot)) return;
        if (proofOf(snapshot, this.#wish).open.length > 0) {
          this.#insist(snapshot);
          return;
        }
        late.cancel();
        resolve(undefined);
      });
    });
    const gone = await Promise.race([this.#link.ended, proven]);
    unsubscribe();
    return this.#conclude(gone);
  }

  #send(body: CommandBody): void {
    const id = `p${process.pid}-${this.#clock.wall()}-${this.#sent.length + 1}`;
    this.#sent.push({ id, body });
    const by = untrusted(operatorName());
    this.#link.send({ id: commandId(id), role: 'operator', by, body });
  }

  /** Each order once, as soon as the broker has a name for it. */
  #cancelAll({ orders }: Snapshot): void {
    if (!this.#wish.cancel) return;
    for (const { working, brokerOrderId } of orders) {
      if (!working || brokerOrderId === undefined || this.#cancelled.has(brokerOrderId)) continue;
      this.#cancelled.add(brokerOrderId);
      this.#send({ type: 'cancelOrder', brokerOrderId });
    }
  }

  /** A position that appeared or could not be closed while we waited. */
  #insist(snapshot: Snapshot): void {
    const now = this.#clock.mono();
    const isLeft = snapshot.positions.some(
      (one) => one.ours && ['OPENING', 'PROTECTED', 'NAKED'].includes(one.state),
    );
    if (!this.#wish.flatten || !isLeft || this.#repeats >= REPEATS_MAX) return;
    if (now - this.#repeatedAt < REPEAT_MS) return;
    this.#repeats += 1;
    this.#repeatedAt = now;
    this.#send({ type: 'flatten' });
  }

  #isAnswered(snapshot: Snapshot): boolean {
    return this.#sent.every(({ id }) => answerTo(id, snapshot) !== undefined);
  }

  #conclude(gone: string | undefined): Outcome {
    const { snapshot } = this.#link.status();
    const proof =
      snapshot === undefined
        ? { proven: [], open: ['the engine showed nothing'] }
        : proofOf(snapshot, this.#wish);
    const open = [...proof.open];
    if (gone !== undefined) open.push(`the engine is gone: ${gone}`);
    else if (snapshot !== undefined && !this.#isAnswered(snapshot)) {
      open.push('the engine has not answered the command');
    }
    const remarks = snapshot === undefined ? [] : [...this.#refusals(snapshot), ...left(snapshot)];
    const engine = engineName(this.#link);
    const sent = this.#sent.map(({ body }) => wordsOf(body));
    return { engine, sent, proven: proof.proven, open, remarks };
  }

  #refusals(snapshot: Snapshot): string[] {
    return this.#sent.flatMap(({ id, body }) => {
      const answer = answerTo(id, snapshot);
      return answer?.status === 'refused' ? [`${wordsOf(body)} refused: ${answer.reason}`] : [];
    });
  }
}

const answerTo = (id: string, snapshot: Snapshot): CommandView | undefined =>
  snapshot.commands.find((one) => one.id === id);

const left = (snapshot: Snapshot): string[] =>
  snapshot.positions
    .filter((one) => !one.ours)
    .map((one) => `position ${one.id} is not ours and was left alone`);

function wordsOf(body: CommandBody): string {
  if (body.type === 'setTradingState') return 'reduce only';
  if (body.type === 'kill') return body.flatten ? 'stop entries and flatten' : 'stop entries';
  return body.type === 'cancelOrder' ? `cancel order ${body.brokerOrderId}` : body.type;
}

function textOf({ engine, sent, proven, open, remarks }: Outcome): string {
  const lines = [
    `engine  ${engine}`,
    ...sent.map((text) => `sent    ${text}`),
    ...proven.map((text) => `proven  ${text}`),
    ...open.map((text) => `OPEN    ${text}`),
    ...remarks.map((text) => `note    ${text}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
