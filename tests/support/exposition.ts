/**
 * A strict reader of the Prometheus exposition format 0.0.4, with the rules that a scraper and
 * `promtool check metrics` apply.
 * Deliberately written from the format's description, not from what we print.
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y;
const NUMBER = /^(?:[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;

/** Families by name; throws with the line that breaks a rule. */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family & { samples: Sample[] }>();
  const helps = new Map<string, string>();
  const seen = new Set<string>();
  let current: (Family & { samples: Sample[] }) | undefined;
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const [, about, subject = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (about === 'HELP') {
      if (!NAME.test(subject) || rest === '') fail('a help without name or text');
      if (helps.has(subject)) fail('a second help');
      helps.set(subject, rest);
    } else if (about === 'TYPE') {
      if (!['counter', 'gauge', 'histogram'].includes(rest)) fail('an unknown type');
      if (families.has(subject)) fail('a second type');
      const help = helps.get(subject);
      if (help === undefined) fail('a type without its help before it');
      current = { name: subject, type: rest, help: help ?? '', samples: [] };
      families.set(subject, current);
    } else {
      const sample = readSample(line);
      const own = current ?? fail('a sample before its type');
      const suffixes = own.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      if (!suffixes.some((one) => own.name + one === sample.name)) fail('a sample out of place');
      const key = sample.name + JSON.stringify(Object.entries(sample.labels).sort());
      if (seen.has(key)) fail('the same sample twice');
      seen.add(key);
      own.samples.push(sample);
    }
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function readSample(line: string): Sample {
  const [, name = '', inner = '', number = ''] = LINE.exec(line) ?? [];
  if (name === '' || !NUMBER.test(number)) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < inner.length; at = LABEL.lastIndex) {
    const [, key, value] = LABEL.exec(inner) ?? [];
    if (key === undefined || value === undefined) throw new Error(`broken labels: ${line}`);
    if (key in labels) throw new Error(`a label twice: ${line}`);
    labels[key] = value;
  }
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) };
}

/** What linting asks of names and units, and what a histogram must be. */
function checkFamily({ name, type, samples }: Family): void {
  const fail = (why: string): never => {
    throw new Error(`${name}: ${why}`);
  };
  if (type === 'counter' && !name.endsWith('_total')) fail('a counter must end in _total');
  if (type !== 'counter' && name.endsWith('_total')) fail('only counters end in _total');
  if (/_(milliseconds|ms|minutes|percent_ratio)$/.test(name)) fail('not a base unit');
  if (type === 'counter' && samples.some((one) => !(one.value >= 0))) fail('a negative counter');
  if (type !== 'histogram') return;
  const buckets = samples.filter((one) => one.name === `${name}_bucket`);
  const bounds = buckets.map((one) => Number((one.labels['le'] ?? '').replace('+Inf', 'Infinity')));
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY) fail('no bucket +Inf at the end');
  const counts = buckets.map((one) => one.value);
  for (let index = 1; index < buckets.length; index += 1) {
    if (!((bounds[index] ?? 0) > (bounds[index - 1] ?? 0))) fail('bounds must ascend');
    if ((counts[index] ?? 0) < (counts[index - 1] ?? 0)) fail('buckets must be cumulative');
  }
  const count = samples.find((one) => one.name === `${name}_count`)?.value;
  if (count !== counts.at(-1)) fail('the count is not what the last bucket holds');
  if (!samples.some((one) => one.name === `${name}_sum`)) fail('no sum');
}
