/**
 * The faults a person wants of the simulated link: rules, or the name of a file that holds them.
 * Reads the file; what a rule may say is `sim/server/fault-text`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFaultText } from '../sim/server/fault-text.ts';
import { type FaultScript, faultScript } from '../sim/server/faults.ts';

/** Nothing for an honest link; a sentence when the rules are none. */
export function faultsOf(text: string | undefined): FaultScript | undefined | string {
  if (text === undefined) return undefined;
  const script = existsSync(text) ? readFileSync(text, 'utf8') : text;
  const reading = readFaultText(script);
  return reading.ok ? faultScript(reading.rules) : reading.sentence;
}
