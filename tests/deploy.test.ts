/**
 * The files people deploy with: every setting, metric and exit code they name is the program's own.
 */
import { describe, expect, it } from 'vitest';
import { SETTING_ROWS } from '../src/cli/config-schema.ts';
import { EXIT } from '../src/cli/exit.ts';
import { read } from './support/source-files.ts';

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

  it('watches only metrics that exist, by their own kind, and labels they have', () => {
    const rows = [
      ...read('docs/metrics.md').matchAll(/^\| `(\w+)` \| (gauge|counter|histogram) \|/gm),
    ];
    const kinds = new Map(rows.map(([, name = '', kind = '']) => [name, kind]));
    expect(kinds.size).toBeGreaterThan(40);
    const panels: { targets: { expr: string; legendFormat: string }[] }[] = JSON.parse(
      read('deploy/grafana/dashboard.json'),
    ).panels;
    const shown = panels.flatMap(({ targets }) => targets);
    const rules = [...read('deploy/alerts.yml').matchAll(/^ +expr: (.+)$/gm)].map(([, one]) => one);
    const watched = [...shown.map(({ expr }) => expr), ...rules].flatMap((expr = '') =>
      [...expr.matchAll(/\b(?:bot|process|nodejs)_\w+/g)].map(([name]) => ({ name, expr })),
    );
    expect(watched.length).toBeGreaterThan(30);
    for (const { name, expr } of watched) {
      const kind = kinds.get(name.replace(/_(bucket|sum|count)$/, ''));
      expect(kind, `${name} is no metric of ours`).toBeDefined();
      expect(/_(bucket|sum|count)$/.test(name), expr).toBe(kind === 'histogram');
      if (kind !== 'gauge') expect(expr).toMatch(/rate\(|increase\(/);
    }
    const labels = shown.flatMap(({ legendFormat }) => legendFormat.match(/(?<=\{\{)\w+/g) ?? []);
    expect([...new Set(labels)].sort()).toEqual(['breaker', 'gate']);
  });

  it('tells of everything that must never last', () => {
    const rules = read('deploy/alerts.yml');
    for (const name of [
      'bot_positions_without_stop',
      'bot_orders_unknown',
      'bot_breaker_tripped',
      'bot_link_ready',
      'bot_current_price',
    ]) {
      expect(rules).toContain(name);
    }
    for (const part of rules.split('- alert: ').slice(1)) {
      expect(part).toMatch(/ summary: .+\n +description: .+/);
    }
  });

  it('publishes no port and keeps the root file system read-only', () => {
    for (const name of PLACES)
      expect(read(name)).not.toMatch(/^\s*(ports:|EXPOSE|\[http_service])/m);
    expect(read('compose.yaml')).toContain('read_only: true');
    expect(read('Dockerfile')).toMatch(/^USER 10001:10001$/m);
  });
});
