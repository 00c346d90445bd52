/**
 * `config init`: the few settings a newcomer decides, asked one by one, written at the end.
 * Deliberately asks for no secret, and overwrites nothing without a yes.
 */
import { createInterface } from 'node:readline';
import { canAsk } from '../ask.ts';
import { configFileOf } from '../config.ts';
import { type ConfigFileText, edit, rowOf, valueFault } from '../config-edit.ts';
import { ConfigFileUnusable, readConfigText, writeConfigText } from '../config-file.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';

const NAME = 'palm-oil-tui';

/** In this order; each is a row of the table, which says what it means and what is allowed. */
const ASKED = [
  'CTRADER_ENVIRONMENT',
  'SYMBOL',
  'RSI_TIMEFRAME',
  'RISK_PER_TRADE',
  'MAX_DAILY_LOSS_PERCENT',
  'STOP_LOSS_PERCENT',
  'TAKE_PROFIT_PERCENT',
  'SENTIMENT_MODE',
] as const;

type Ask = (question: string) => Promise<string | undefined>;

/** 0 when written or left alone, 64 without a terminal. */
export async function initSettings(configFile: string | undefined, io: Io): Promise<number> {
  const path = configFileOf(configFile, io.env);
  if (!canAsk(io)) {
    return refuse(io, 'config init asks questions and needs a terminal: use config set instead.');
  }
  const lines = openLines(io);
  try {
    return await talk(readConfigText(path), lines.ask, io);
  } catch (error) {
    if (!(error instanceof ConfigFileUnusable)) throw error;
    return refuse(io, error.message);
  } finally {
    lines.close();
  }
}

function refuse(io: Io, sentence: string): number {
  io.stderr.write(`${NAME}: ${sentence}\n`);
  return EXIT.usage;
}

async function talk(file: ConfigFileText, ask: Ask, io: Io): Promise<number> {
  const left = (): number => {
    io.stderr.write('Nothing was changed.\n');
    return EXIT.ok;
  };
  if (file.text !== undefined) {
    const isWanted = await ask(`${file.path} is there already. Change it? [y/N] `);
    if (!isYes(isWanted)) return left();
  }
  io.stderr.write('An empty answer leaves a setting as it is. No question asks for a secret.\n');
  let now = file;
  for (const name of ASKED) {
    const answered = await askOne(now, name, ask, io);
    if (answered === undefined) return left();
    now = answered;
  }
  if (now.text === undefined || now.text === file.text) return left();
  io.stderr.write(`\n${now.text}`);
  if (!isYes(await ask(`Write this to ${file.path}? [y/N] `))) return left();
  writeConfigText(file.path, now.text);
  io.stdout.write(`Written: ${file.path}\n${nextSteps(now.text)}`);
  return EXIT.ok;
}

const isYes = (answer: string | undefined): boolean => /^y(es)?$/i.test(answer?.trim() ?? '');

/** Asks until the answer is allowed; undefined when the person left. */
async function askOne(
  file: ConfigFileText,
  name: string,
  ask: Ask,
  io: Io,
): Promise<ConfigFileText | undefined> {
  const row = rowOf(name);
  if (row === undefined) throw new Error(`${name} is not a setting`);
  const fallback = typeof row.fallback === 'string' ? row.fallback : row.fallbackText;
  const now = valueIn(file, name) ?? fallback?.replaceAll('`', '') ?? 'none';
  io.stderr.write(`\n${row.about}\nAllowed: ${row.kind.allowed}.\n`);
  for (;;) {
    const answer = (await ask(`${name} [${now}]: `))?.trim();
    if (answer === undefined) return undefined;
    if (answer === '') return file;
    const fault = valueFault(name, answer);
    const result = fault === undefined ? edit(file, { name, value: answer }) : undefined;
    if (result?.status === 'edited') return { ...file, text: result.text };
    const faults = result?.status === 'refused' ? result.faults : [fault];
    for (const one of faults) io.stderr.write(`${one}\n`);
  }
}

function valueIn({ text }: ConfigFileText, name: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '{}')[name];
    return value === undefined ? undefined : String(value);
  } catch {
    // Changing it says that it cannot be read.
    return undefined;
  }
}

function nextSteps(text: string): string {
  const environment = valueIn({ path: '', text }, 'CTRADER_ENVIRONMENT') ?? 'sim';
  const doctor = `  ${NAME} doctor          looks at everything a run needs\n`;
  if (environment !== 'demo' && environment !== 'live') {
    return `Next:\n${doctor}  ${NAME}                 the screen, with the simulator\n`;
  }
  const suffix = environment === 'live' ? '_LIVE' : '';
  return (
    `Next:\n  CTRADER_CLIENT_ID${suffix} and CTRADER_CLIENT_SECRET${suffix} into .env ` +
    '(chmod 600)\n' +
    `  ${NAME} login           signs in with the browser\n` +
    `  ${NAME} accounts        lists accounts; --use ID chooses\n${doctor}` +
    `  ${NAME}                 the screen, in a dry run\n`
  );
}

/** Questions on standard error, so that standard output holds results alone. */
function openLines(io: Io): { readonly ask: Ask; readonly close: () => void } {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: true });
  const waiting: string[] = [];
  let isOver = false;
  let wake: () => void = () => undefined;
  lines.on('line', (line) => {
    waiting.push(line);
    wake();
  });
  lines.on('close', () => {
    isOver = true;
    wake();
  });
  lines.on('SIGINT', () => lines.close());
  const ask: Ask = async (question) => {
    lines.setPrompt(question);
    if (!isOver) lines.prompt();
    while (waiting.length === 0 && !isOver) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return waiting.shift();
  };
  return { ask, close: () => lines.close() };
}
