/**
 * Commands of the documents that a test cannot type in: they need the network, root or another
 * program, rebuild the tree under test, or run for minutes. Each has the reason, and what holds it.
 * Deliberately whole commands: a new one fails until it is run or stands here.
 */

export interface Held {
  readonly why: string;
  /** A file, and what must stand in it for the command to mean something. */
  readonly by: readonly (readonly [file: string, proof: RegExp])[];
}

/** Of other programs, run as they stand by tests/docs/commands.test.ts. */
export const TYPED_HERE = [
  'chmod 600 .env',
  'npm start -- run --help',
  'npm run coverage:ids',
  'npm run fuzz -- --count 10000000',
  'npm run fuzz -- --count 10000000 --seed 1',
] as const;

const suite: Held = {
  why: 'runs the suite that this test is part of',
  by: [['scripts/test.mjs', /'vitest\.mjs'\),\n\s+'run',/]],
};
const network = (why: string): Held => ({
  why: `${why}, from the registry`,
  by: [['scripts/acceptance-package.ts', /execFileSync\('npm', \['install'/]],
});
const README: Held['by'][number] = [
  'scripts/acceptance-readme.ts',
  /script === '(?:pack|install)'/,
];
const docker = (...by: Held['by']): Held => ({ why: 'needs a container engine', by });
const measures = (file: string): Held => ({
  why: 'measures the machine for minutes',
  by: [['scripts/bench.ts', new RegExp(`'${file}\\.ts'`)]],
});
const COMPOSED: Held['by'][number] = ['compose.yaml', /^services:\n {2}engine:\n {4}build: \.$/m];
const UNIT = 'deploy/palm-oil-tui.service';

export const ELSEWHERE: Readonly<Record<string, Held>> = {
  'npm test': suite,
  'npm test -- tests/engine': suite,
  'npm test -- tests/ctrader/link-day.test.ts': suite,
  'npm run golden': { why: 'rewrites what this suite compares with', by: suite.by },
  'npm run check': {
    why: 'runs the suite that this test is part of',
    by: [['scripts/check.ts', /test\.mjs/]],
  },
  'npm run docs': {
    why: 'writes into the tree under test',
    by: [['tests/docs.test.ts', /expect\(stale\(\)\)\.toEqual\(\[\]\)/]],
  },
  'npm run crash-matrix': {
    why: 'runs for a minute',
    by: [['tests/sim/crash-matrix.test.ts', /support\/crash-matrix\.ts/]],
  },
  'npm run kills -- --count 200': {
    why: 'runs for an hour',
    by: [['tests/e2e/crash.test.ts', /kills\.ts/]],
  },
  'npm run keep-journal': {
    why: 'writes into the tree under test',
    by: [['tests/runtime/recovery-versions.test.ts', /`shape-\$\{shape\}`/]],
  },
  'npm run soak': {
    why: 'eight simulated weeks take twenty minutes',
    by: [['tests/soak.test.ts', /scripts\/soak-figures\.ts/]],
  },
  'npm run demo': {
    why: 'takes pictures into docs/images for half a minute',
    by: [['scripts/demo.ts', /process\.argv\.slice\(2\)/]],
  },
  'npm run demo -- --frames': {
    why: 'draws a thousand screens into build/',
    by: [['scripts/demo.ts', /'--frames'/]],
  },
  'npm run sizes': {
    why: 'draws at every size for a minute',
    by: [['scripts/all-sizes.ts', /'--full'/]],
  },
  'npm run bench': measures('bench-engine'),
  'npm run bench -- --only news': measures('bench-news'),
  'npm run bench -- --only backtest': measures('bench-backtest'),
  'npm run bench -- --only start': {
    why: 'measures the machine for minutes',
    by: [['scripts/bench.ts', /await benchStart\(\)/]],
  },
  'npm run bench -- --only wirereceive': measures('bench-receive'),
  'npm run bench -- --only uiscreen': measures('bench-screen'),
  'npm run bench -- --only memory': measures('bench-memory'),
  'npm run bench -- --only link': measures('bench-link'),
  'npm run acceptance:peers': {
    why: "installs another project's client from the registry",
    by: [['scripts/acceptance-peers.ts', /npm/]],
  },
  'npm run acceptance:readme': network('installs a clean clone'),
  'npm run acceptance:package': network('installs the packed file'),
  'npm ci': network('installs'),
  'npm ci --ignore-scripts': network('installs'),
  'rm -rf node_modules && npm ci': network('installs'),
  'npm install -g': network('installs'),
  'npm pack': { why: 'builds the tree under test anew', by: [README] },
  'npm install -g ./palm-oil-tui-0.1.0.tgz': {
    why: 'installs for everybody',
    by: [README, ['package.json', /"version": "0\.1\.0"/]],
  },
  'docker build -t palm-oil-tui .': docker(['Dockerfile', /^ENTRYPOINT \["palm-oil-tui"]$/m]),
  'docker run -it --rm palm-oil-tui': docker(['Dockerfile', /^CMD \["run"]$/m]),
  'docker compose up -d': docker(COMPOSED),
  'docker compose exec engine palm-oil-tui attach': docker(COMPOSED),
  'docker compose run --rm -it engine login --no-browser --store encrypted-file': docker(COMPOSED),
  'systemctl --user enable --now palm-oil-tui': {
    why: 'needs a service manager',
    by: [[UNIT, /^\[Install]\nWantedBy=default\.target$/m]],
  },
  'loginctl enable-linger': { why: 'needs a service manager', by: [[UNIT, /^\[Service]$/m]] },
  'journalctl --user -u palm-oil-tui': {
    why: 'needs a service manager',
    by: [[UNIT, /^ExecStart=\/usr\/bin\/env palm-oil-tui run --no-ui$/m]],
  },
  'systemd-analyze security': {
    why: 'needs a service manager',
    by: [[UNIT, /^SystemCallFilter=@system-service$/m]],
  },
};
