/**
 * The files people deploy with: every setting, metric and exit code they name is the program's own.
 */
import { describe, expect, it } from 'vitest';
import { SETTING_ROWS } from '../src/cli/config-schema.ts';
import { EXIT } from '../src/cli/exit.ts';
import { filesBelow, read } from './support/source-files.ts';

const PLACES = ['Dockerfile', 'compose.yaml', 'fly.toml', 'railway.toml'];
const UNIT = 'deploy/palm-oil-tui.service';

describe('what the program is deployed with', () => {
  it('sets only settings that exist, and those of Node', () => {
    const known = new Set<string>(SETTING_ROWS.flatMap(({ row }) => row.env ?? []));
    const set = [
      ...read('Dockerfile').matchAll(/^ENV (.+)$/gm),
      ...read(UNIT).matchAll(/^Environment=(.+)$/gm),
    ].flatMap(([, text]) =>
      [...(text ?? '').matchAll(/(?:^|\s)([A-Z_]+)=/g)].map(([, name]) => name ?? ''),
    );
    expect(set).toContain('DATA_DIR');
    expect(set.filter((name) => !name.startsWith('NODE_') && !known.has(name))).toEqual([]);
  });

  it('does not start again what does not heal by itself', () => {
    const line = /^RestartPreventExitStatus=(.*)$/m.exec(read(UNIT))?.[1] ?? '';
    const codes = line.split(' ').map(Number);
    const { authorization, notArmed, usage, locked } = EXIT;
    expect(codes).toEqual([authorization, notArmed, usage, locked].sort((a, b) => a - b));
  });

  it('waits at least as long as the shutdown ladder takes before it kills', () => {
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(read(UNIT))?.[1])).toBeGreaterThanOrEqual(20);
    expect(read('compose.yaml')).toContain('stop_grace_period: 30s');
    expect(read('fly.toml')).toContain('kill_timeout = "30s"');
  });

  it('watches only metrics that exist', () => {
    const source = filesBelow('src/runtime', /\.ts$/)
      .map((file) => file.text)
      .join('\n');
    const known = new Set(source.match(/\bbot_[a-z_]+/g));
    const watched = ['deploy/alerts.yml', 'deploy/grafana/dashboard.json']
      .flatMap((name) => read(name).match(/\bbot_[a-z_]+/g) ?? [])
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect(watched.length).toBeGreaterThan(10);
    expect([...new Set(watched)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('publishes no port and keeps the root file system read-only', () => {
    for (const name of PLACES)
      expect(read(name)).not.toMatch(/^\s*(ports:|EXPOSE|\[http_service])/m);
    expect(read('compose.yaml')).toContain('read_only: true');
    expect(read('Dockerfile')).toMatch(/^USER 10001:10001$/m);
  });
});
