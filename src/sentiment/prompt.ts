/**
 * The question put to the model, from a template file with two parts and three holes.
 * Deliberately takes nothing fetched: only a checked name, words of ours and the time (F102).
 */
import { assert, type Wall } from '../engine/index.ts';

export interface PromptTemplate {
  readonly system: string;
  readonly user: string;
}

export type TemplateRead =
  | { readonly status: 'read'; readonly template: PromptTemplate }
  | { readonly status: 'invalid'; readonly reason: string };

const HOLES = ['instrument', 'now', 'today'] as const;

/** File names below `data/prompts`, the most specific first. */
export function promptFiles(instrument: string): readonly string[] {
  const name = checkedName(instrument)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return [`sentiment.${name}.txt`, 'sentiment.txt'];
}

/** Lines `[system]` and `[user]` open the two parts; lines that start with `#` are for people. */
export function readTemplate(text: string): TemplateRead {
  const lines = text.split(/\r?\n/).filter((line) => !line.startsWith('#'));
  const system = lines.indexOf('[system]');
  const user = lines.indexOf('[user]');
  if (system < 0 || user < system) return invalid('it needs the lines [system] and [user]');
  const parts = {
    system: lines
      .slice(system + 1, user)
      .join('\n')
      .trim(),
    user: lines
      .slice(user + 1)
      .join('\n')
      .trim(),
  };
  if (parts.system === '' || parts.user === '') return invalid('a part is empty');
  const holes = [...`${parts.system}${parts.user}`.matchAll(/\{\{([^}]*)\}\}/g)];
  const stranger = holes.find((hole) => !HOLES.some((name) => name === hole[1]));
  if (stranger !== undefined) return invalid(`it names the unknown hole ${stranger[0]}`);
  // F108: a question that forbids neutrality turns noise into signal.
  if (!/\bneutral\b/i.test(parts.system)) return invalid('it does not define neutral');
  return { status: 'read', template: parts };
}

const invalid = (reason: string): TemplateRead => ({ status: 'invalid', reason });

export interface PromptFacts {
  readonly instrument: string;
  readonly at: Wall;
}

/** Both parts with their holes filled. Throws for a name that is not plain letters and digits. */
export function fillTemplate(template: PromptTemplate, facts: PromptFacts): PromptTemplate {
  const now = new Date(facts.at).toISOString();
  const values: Readonly<Record<string, string>> = {
    instrument: checkedName(facts.instrument),
    now: `${now.slice(0, 16)}Z`,
    today: now.slice(0, 10),
  };
  const fill = (text: string) =>
    text.replace(/\{\{([^}]*)\}\}/g, (_, hole: string) => values[hole] ?? '');
  return { system: fill(template.system), user: fill(template.user) };
}

/** The broker names the instrument: it must not be able to write sentences into the question. */
function checkedName(instrument: string): string {
  assert(
    /^[A-Za-z0-9][A-Za-z0-9 ._/#-]{0,31}$/.test(instrument),
    'an instrument name for the prompt is 1 to 32 plain characters',
  );
  return instrument;
}
