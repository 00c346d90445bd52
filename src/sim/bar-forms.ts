/**
 * The forms in which programs write bars as text, as one table: header, fields, how a time is
 * written, and whether it says its time zone.
 * Deliberately never guesses: an unknown header, or a time without a zone, is refused with what
 * would be right.
 */

/** How the instant of a bar is written. */
export type TimeForm =
  /** `2024-10-16T02:30:00Z`, and nothing else. */
  | 'utc'
  /** Seconds since 1970, or an ISO time with `Z` or an offset. */
  | 'stamp'
  /** `2024.10.16` and `02:30` or `02:30:00` in two fields. */
  | 'dotted'
  /** `16.10.2024 02:30:00.000`, then maybe ` GMT+0800`. */
  | 'dayFirst'
  /** `2024-10-16`, or `2024-10-16 02:30:00+08:00`. */
  | 'date';

export interface BarForm {
  /** The program that writes it. */
  readonly writtenBy: string;
  readonly separator: ',' | '\t';
  /** Exactly, capitals aside; absent for a file that begins with its first bar. */
  readonly header: readonly string[] | undefined;
  /** Fields beyond the header's own may follow: studies of the chart. */
  readonly hasMore: boolean;
  readonly time: TimeForm;
  /** Field of the time, of the open (high, low and close follow) and of the volume; -1: none. */
  readonly fields: { readonly time: number; readonly open: number; readonly volume: number };
  /** What a line is made of, for sentences. */
  readonly columns: readonly string[];
}

export const BAR_COLUMNS = ['time_utc_iso', 'open', 'high', 'low', 'close', 'volume'] as const;

const PRICES = ['open', 'high', 'low', 'close'] as const;
const MT5 = ['<date>', '<time>', '<open>', '<high>', '<low>', '<close>'] as const;

const OWN: BarForm = {
  writtenBy: 'palm-oil-tui',
  separator: ',',
  header: BAR_COLUMNS,
  hasMore: false,
  time: 'utc',
  fields: { time: 0, open: 1, volume: 5 },
  columns: BAR_COLUMNS,
};

type Told = Pick<BarForm, 'writtenBy' | 'time'> & { readonly header: readonly string[] };

const tabled = (told: Told, more: Partial<BarForm> = {}): BarForm => ({
  separator: ',',
  hasMore: false,
  fields: { time: 0, open: told.header.indexOf('open'), volume: told.header.indexOf('volume') },
  columns: told.header,
  ...told,
  ...more,
});

/** The first whose header fits. */
export const BAR_FORMS: readonly BarForm[] = [
  OWN,
  tabled(
    { writtenBy: 'TradingView', time: 'stamp', header: ['time', ...PRICES] },
    { hasMore: true },
  ),
  tabled({ writtenBy: 'Dukascopy', time: 'dayFirst', header: ['gmt time', ...PRICES, 'volume'] }),
  tabled({ writtenBy: 'Dukascopy', time: 'dayFirst', header: ['local time', ...PRICES, 'volume'] }),
  tabled({
    writtenBy: 'Yahoo',
    time: 'date',
    header: ['date', ...PRICES, 'adj close', 'volume'],
  }),
  tabled({ writtenBy: 'Yahoo', time: 'date', header: ['date', ...PRICES, 'volume'] }),
  tabled({ writtenBy: 'Yahoo', time: 'date', header: ['datetime', ...PRICES, 'volume'] }),
  tabled({
    writtenBy: 'Yahoo',
    time: 'date',
    header: ['datetime', ...PRICES, 'adj close', 'volume'],
  }),
  {
    writtenBy: 'MetaTrader 5',
    separator: '\t',
    header: MT5,
    hasMore: true,
    time: 'dotted',
    fields: { time: 0, open: 2, volume: 6 },
    columns: [...MT5, '<tickvol>'],
  },
  {
    writtenBy: 'MetaTrader 4',
    separator: ',',
    header: undefined,
    hasMore: false,
    time: 'dotted',
    fields: { time: 0, open: 2, volume: 6 },
    columns: ['date', 'time', ...PRICES, 'volume'],
  },
];

const WRITERS = [...new Set(BAR_FORMS.slice(1).map((form) => form.writtenBy))];

const OWN_HEADER = BAR_COLUMNS.join(',');
/** What a first line may be. */
export const FIRST_LINES = `exactly ${OWN_HEADER}, or an export of ${WRITERS.join(', ')}`;

/** Whether the fields under a header say in which zone they are: then nobody has to. */
const ZONED: ReadonlySet<string> = new Set(['time_utc_iso', 'gmt time']);

export const saysItsZone = (form: BarForm): boolean => ZONED.has(form.header?.[0] ?? '');

/** The form of a file by its first line; absent: none that is known. */
export function formOf(firstLine: string): BarForm | undefined {
  const line = firstLine.trimEnd();
  return BAR_FORMS.find(({ header, separator, hasMore }) => {
    if (header === undefined) return /^\d{4}\.\d{2}\.\d{2},/.test(line);
    // Our own header is exact; programs change the capitals of theirs.
    if (header === BAR_COLUMNS) return firstLine === header.join(separator);
    const names = line.toLowerCase().split(separator);
    const isLong = hasMore ? names.length >= header.length : names.length === header.length;
    return isLong && header.every((name, at) => names[at] === name);
  });
}

/** Milliseconds of local time to milliseconds of UTC. */
export type Zone = (local: number) => number;

/** `UTC`, `+08:00` or a name such as Asia/Kuala_Lumpur; absent: there is no such zone. */
export function zoneOf(text: string): Zone | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (text === 'UTC') return (local) => local;
  if (sign !== undefined) {
    const size = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return Number(hours) > 14 || Number(minutes) > 59
      ? undefined
      : (local) => local - (sign === '-' ? -size : size);
  }
  return namedZone(text);
}

const HOUR_MS = 3_600_000;

function namedZone(timeZone: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    const shape = { timeZone, hourCycle: 'h23' } as const;
    const date = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const time = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { ...shape, ...date, ...time });
  } catch {
    return undefined;
  }
  let [hour, known] = [Number.NaN, 0];
  // Offsets change on the hour of UTC, or on a half of it in places without markets.
  const offsetAt = (instant: number): number => {
    const asked = Math.floor(instant / HOUR_MS);
    if (asked === hour) return known;
    const parts = format.formatToParts(asked * HOUR_MS);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    const date = [of('year'), of('month') - 1, of('day')] as const;
    const local = Date.UTC(...date, of('hour'), of('minute'), of('second'));
    [hour, known] = [asked, local - asked * HOUR_MS];
    return known;
  };
  return (local) => local - offsetAt(local - offsetAt(local));
}
