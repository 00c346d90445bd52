/**
 * The `doctor` verb: looks at everything a run needs and says what to do about what is missing.
 * Deliberately changes nothing; only `--orders` trades, one smallest position, never live.
 */
import { scrubber } from '../../runtime/log.ts';
import type { Config, ConfigRefusal, ResolvedConfig } from '../config.ts';
import {
  checkConfig,
  checkJournals,
  checkNode,
  checkSentiment,
  checkState,
  checkStore,
  checkTerminal,
} from '../doctor-local.ts';
import { checkAllowList, checkNetwork, within } from '../doctor-network.ts';
import { EXIT } from '../exit.ts';
import { type Finding, fail, findingLine, findingsJson, skip } from '../finding.ts';
import type { Io } from '../io.ts';
import { secretsOf } from '../run-log.ts';

const NAME = 'palm-oil-tui';

export interface DoctorWish {
  readonly offline: boolean;
  readonly orders: boolean;
  readonly json: boolean;
}

const LATE: Readonly<Record<string, string>> = {
  database: 'look at the disk',
  orders: 'look at the account in another cTrader application now',
};
/** Journals, network and orders have limits of their own below this; together no more. */
const WHOLE_MS = { journals: 25_000, network: 30_000, orders: 150_000 } as const;

/** 0 when nothing failed, 14 otherwise; 64 for `--orders` where it may not trade. */
export async function doctorCommand(
  loaded: ResolvedConfig | ConfigRefusal,
  wish: DoctorWish,
  io: Io,
): Promise<number> {
  if (wish.orders && loaded.status === 'resolved') {
    const { environment } = loaded.config;
    const why =
      environment === 'live'
        ? '--orders trades, and never with real money: use --env demo or --env sim.'
        : wish.offline && environment !== 'sim'
          ? '--orders needs the broker: leave --offline out, or use --env sim.'
          : undefined;
    if (why !== undefined) {
      io.stderr.write(`${NAME}: ${why}\n`);
      return EXIT.usage;
    }
  }
  const config = loaded.status === 'resolved' ? loaded.config : undefined;
  const scrub = scrubber(config === undefined ? [] : secretsOf(config));
  const findings: Finding[] = [];
  const add = (more: readonly Finding[]): void => {
    for (const each of more) {
      const safe = { ...each, what: scrub(each.what) };
      findings.push(safe);
      if (!wish.json) io.stdout.write(`${findingLine(safe)}\n`);
    }
  };
  add([checkNode(process.versions.node, process.platform)]);
  add([checkTerminal(io, config?.ascii === true)]);
  add(checkConfig(loaded));
  if (config === undefined) add([skip('the rest', 'not looked at before the settings are right')]);
  else for (const part of parts(config, wish, io)) add(await part(findings));
  const report = findingsJson(findings);
  if (wish.json) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else io.stdout.write(`${summary(findings)}\n`);
  return report.ok ? EXIT.ok : EXIT.unhealthy;
}

/** Knows what was found before it. */
type Part = (sofar: readonly Finding[]) => Promise<readonly Finding[]>;

/** In the order of the lines; each begins when the one before is told. */
function parts(config: Config, wish: DoctorWish, io: Io): Part[] {
  const late = (check: string) => () => [
    fail(check, 'no answer within the limit', LATE[check] ?? 'look at the network'),
  ];
  return [
    async () => [checkState(config)],
    () => within(WHOLE_MS.journals, checkJournals(config), late('database')),
    async () => [checkStore(config, io), checkSentiment(config), checkAllowList(config)],
    async () =>
      wish.offline
        ? [skip('network', 'not asked (--offline)')]
        : within(WHOLE_MS.network, checkNetwork(config, io), late('network')),
    async (sofar) => {
      if (!wish.orders) return [];
      if (sofar.some(({ status }) => status === 'fail')) {
        return [skip('orders', 'not tried before the lines with FAIL are settled')];
      }
      const { checkOrders } = await import('../doctor-orders.ts');
      return within(WHOLE_MS.orders, checkOrders(config, io), late('orders'));
    },
  ];
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Finding['status']): number =>
    findings.filter((each) => each.status === status).length;
  const [bad, doubts] = [count('fail'), count('warn')];
  if (bad > 0) return `${bad} failed, ${doubts} to look at, ${count('ok')} well.`;
  return doubts === 0 ? 'All is well.' : `Nothing failed; ${doubts} to look at.`;
}
