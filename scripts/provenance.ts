/**
 * Where each package comes from, as a table for docs/dependencies.md: pinned version, licence,
 * source repository, and whether it ships. Read from the lock file and the packages themselves.
 * Deliberately trusts no name: the lock's hashes say which bytes are meant.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
}

const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** Every package of the lock file, by its place in `node_modules`. */
export function locked(): ReadonlyMap<string, Locked> {
  const packages: Readonly<Record<string, Locked>> = json('package-lock.json').packages;
  return new Map(Object.entries(packages).filter(([place]) => place !== ''));
}

/** `owner/name` or any form of address as the https address of a page. */
function pageOf(repository: unknown): string {
  const { url } = (typeof repository === 'object' ? repository : { url: repository }) as {
    readonly url?: string;
  };
  const path = /([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url ?? '')?.[1] ?? 'unknown';
  return `github.com/${path}`;
}

/** One row for each package of `package.json`. */
export function provenanceTable(): string {
  const { optionalDependencies, devDependencies } = json('package.json');
  const all = locked();
  const rows = Object.keys({ ...optionalDependencies, ...devDependencies })
    .toSorted()
    .map((name) => {
      const place = `node_modules/${name}`;
      const {
        version,
        license = 'unknown',
        hasInstallScript = false,
      } = all.get(place) ?? {
        version: 'unknown',
      };
      const source = pageOf(json(`${place}/package.json`).repository);
      const script = hasInstallScript ? 'yes, not run' : 'no';
      return `| ${[name, version, license, source, script].join(' | ')} |`;
    });
  return [
    '| package | pinned | licence | source | install script |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
