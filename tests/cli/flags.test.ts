/** Flags become text by setting name; the table decides which exist. */
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addSettingFlags, givenFlags } from '../../src/cli/flags.ts';

function given(...argv: string[]) {
  let result: unknown;
  const quiet = { writeErr: () => undefined, writeOut: () => undefined };
  addSettingFlags(new Command().exitOverride().configureOutput(quiet))
    .action((values: Record<string, unknown>) => {
      result = givenFlags(values);
    })
    .parse(argv, { from: 'user' });
  return result;
}

it('says nothing about flags that were not given', () => {
  expect(given()).toEqual({ options: {}, configFile: undefined });
});

it('reads values, bare flags and their negations', () => {
  const argv = ['--env', 'sim', '--no-ui', '--no-color', '--ascii', '--config', 'c.json'];
  expect(given(...argv, '--metrics-port=1', '--duration', '6h')).toEqual({
    options: {
      environment: 'sim',
      ui: 'false',
      noColor: 'true',
      ascii: 'true',
      metricsPort: '1',
      durationMs: '6h',
    },
    configFile: 'c.json',
  });
});

it('the same flag twice is a contradiction', () => {
  expect(() => given('--seed', '1', '--seed', '2')).toThrow('given twice');
});
