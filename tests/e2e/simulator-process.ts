/** The `simulator` verb as a process: what a client must be given, and its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { BIN, shellEnv } from './terminal-session.ts';

export interface Served {
  /** The lines a client pastes. */
  readonly env: Readonly<Record<string, string>>;
  readonly account: string;
  stop(): Promise<number | null>;
}

/** Starts it on free ports; rejects with its words when it ends instead. */
export function serveSimulator(home: string, args: readonly string[] = []): Promise<Served> {
  const child: ChildProcess = spawn(
    process.execPath,
    [BIN, 'simulator', '--json', '--port', '0', '--oauth-port', '0', ...args],
    { cwd: home, env: shellEnv(home), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (!out.endsWith('\n')) return;
      const { env, account } = JSON.parse(out) as Pick<Served, 'env' | 'account'>;
      const stop = () => {
        child.kill('SIGTERM');
        return ended;
      };
      resolve({ env, account, stop });
    });
    void ended.then((code) => reject(new Error(`the simulator ended with ${code}: ${err}`)));
  });
}
