/**
 * The simulated broker that comes with the program: one demo and one live account in ringgit, palm
 * oil with a market, and neighbours with names that a careless search would confuse with it.
 * Deliberately no secret: these credentials open nothing but this simulator.
 */
import { accountId, type Clock, instrumentId, wall } from '../../engine/index.ts';
import { FIRST_IDS, seedExchange } from '../exchange.ts';
import type { ExchangeState, Listing } from '../exchange-types.ts';
import {
  DAY_MS,
  DEFAULT_START,
  fcpoListing,
  HOUR_MS,
  SIMULATED_ACCOUNT,
  sessionsBetween,
} from '../fcpo.ts';
import type { Market } from '../market-types.ts';
import type { FaultScript } from './faults.ts';
import {
  type ArchivedSymbol,
  type Asset,
  type ListedSymbol,
  RECORDED_DELAYS,
  type SimulatorParams,
  SUGGESTED_SWITCHES,
  type WeeklyInterval,
} from './parameters.ts';

export const STANDARD_CREDENTIALS = {
  clientId: 'simulator',
  clientSecret: 'simulator-secret',
  accessToken: 'simulator-access',
  refreshToken: 'simulator-refresh',
  /** Sees the same accounts and may not trade. */
  viewAccessToken: 'simulator-view-access',
  viewRefreshToken: 'simulator-view-refresh',
} as const;

export const LIVE_ACCOUNT_ID = accountId('1000002');

const MYR: Asset = { assetId: '1', name: 'MYR', digits: 2 };
const USD: Asset = { assetId: '2', name: 'USD', digits: 2 };

const STANDARD_ZONE = 'Asia/Kuala_Lumpur';

/** The trading week as one week of the calendar has it, from Sunday midnight in Kuala Lumpur. */
function weeklySchedule(): WeeklyInterval[] {
  const monday = DEFAULT_START - 10.5 * HOUR_MS;
  const sunday = wall(monday - DAY_MS);
  return sessionsBetween(sunday, wall(sunday + 7 * DAY_MS)).map(({ open, close }) => ({
    startSecond: (open - sunday) / 1_000,
    endSecond: (close - sunday) / 1_000,
  }));
}

type Neighbour = Pick<ListedSymbol, 'name' | 'description' | 'enabled'> & {
  readonly id: string;
  readonly digits: number;
  readonly quote: Asset;
  readonly base?: Asset;
};

/** Listed and never quoted. */
const NEIGHBOURS: readonly Neighbour[] = [
  {
    id: '1001',
    name: 'USDMYR',
    description: 'US Dollar vs Ringgit',
    enabled: true,
    digits: 4,
    quote: MYR,
    base: USD,
  },
  { id: '1990', name: 'SUGARRAW', description: 'Raw Sugar', enabled: true, digits: 2, quote: USD },
  { id: '1995', name: 'SOYOIL', description: 'Soybean Oil', enabled: false, digits: 2, quote: USD },
  {
    id: '2002',
    name: 'FCPO.f',
    description: 'Crude Palm Oil, next month',
    enabled: false,
    digits: 0,
    quote: MYR,
  },
  {
    id: '2003',
    name: 'PALMOIL2',
    description: 'Palm Oil Mini',
    enabled: true,
    digits: 0,
    quote: MYR,
  },
];

const neighbour = (symbol: Neighbour): ListedSymbol => ({
  symbolId: instrumentId(symbol.id),
  name: symbol.name,
  description: symbol.description,
  enabled: symbol.enabled,
  quoteAssetId: symbol.quote.assetId,
  ...(symbol.base === undefined ? {} : { baseAssetId: symbol.base.assetId }),
  digits: symbol.digits,
  pipPosition: Math.max(0, symbol.digits - 1),
  lotSize: 10_000,
  minVolume: 100,
  maxVolume: 1_000_000,
  stepVolume: 100,
  measurementUnits: 'Contracts',
  scheduleTimeZone: STANDARD_ZONE,
  schedule: weeklySchedule(),
});

/** Palm oil as it is listed: every number from the instrument itself. */
export function palmOil(listing: Listing, market: Market): ListedSymbol {
  const { instrument } = listing;
  return {
    symbolId: instrument.id,
    name: instrument.name,
    description: instrument.description,
    enabled: true,
    quoteAssetId: MYR.assetId,
    digits: instrument.digits,
    pipPosition: 0,
    lotSize: instrument.lotSize,
    minVolume: instrument.minVolume,
    maxVolume: instrument.maxVolume,
    stepVolume: instrument.stepVolume,
    measurementUnits: 'Tonnes',
    scheduleTimeZone: STANDARD_ZONE,
    schedule: weeklySchedule(),
    listing,
    market,
  };
}

const ARCHIVED: readonly ArchivedSymbol[] = [
  { symbolId: '1500', name: 'FCPO2019', archivedAt: 1_577_836_800_000 },
];

export interface StandardOptions {
  readonly clock: Clock;
  readonly seed: string;
  readonly market: Market;
  /** The demo account of a former run; absent for a fresh one. */
  readonly exchange?: ExchangeState;
  readonly faults?: FaultScript;
}

/** The demo account is `SIMULATED_ACCOUNT`; the symbol is FCPO. */
export function standardBroker(options: StandardOptions): SimulatorParams {
  const { clock, seed, market, faults } = options;
  const time = clock.wall();
  const fresh = (account: typeof SIMULATED_ACCOUNT): ExchangeState =>
    seedExchange({ account, ids: FIRST_IDS, positions: [], time });
  const demo = options.exchange ?? fresh(SIMULATED_ACCOUNT);
  const live = fresh({ ...SIMULATED_ACCOUNT, id: LIVE_ACCOUNT_ID, login: '9000002', isLive: true });
  const accountIds = [demo.account.id, live.account.id];
  const registeredAt = DEFAULT_START - 30 * DAY_MS;
  const credentials = STANDARD_CREDENTIALS;
  const fcpo = palmOil(fcpoListing([]), market);
  return {
    clock,
    seed,
    environment: 'demo',
    applications: [
      { clientId: credentials.clientId, clientSecret: credentials.clientSecret, active: true },
    ],
    grants: [
      {
        accessToken: credentials.accessToken,
        refreshToken: credentials.refreshToken,
        scope: 'trade',
        accountIds,
        userId: '501',
      },
      {
        accessToken: credentials.viewAccessToken,
        refreshToken: credentials.viewRefreshToken,
        scope: 'view',
        accountIds,
        userId: '502',
      },
    ],
    accounts: [
      { exchange: demo, registeredAt },
      { exchange: live, registeredAt },
    ],
    assets: [MYR, USD],
    symbols: [...NEIGHBOURS.map(neighbour), fcpo].sort(byId),
    archivedSymbols: ARCHIVED,
    delays: RECORDED_DELAYS,
    switches: SUGGESTED_SWITCHES,
    ...(faults === undefined ? {} : { faults }),
  };
}

const byId = (a: ListedSymbol, b: ListedSymbol): number => Number(a.symbolId) - Number(b.symbolId);
