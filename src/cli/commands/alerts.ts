/**
 * The verb `alerts test`: one harmless alert on every route that is set up, and what came of it.
 * Deliberately names only the host of a route: the rest of its address is a secret.
 */
import { createPost, type PostOutcome } from '../../runtime/alert-post.ts';
import { type Alert, hostOf, requestOf } from '../../runtime/alert-routes.ts';
import { systemClock } from '../../runtime/loop.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit.ts';
import type { Io } from '../io.ts';
import { routesOf } from '../run-alerts.ts';

const NAME = 'palm-oil-tui';

/** 0 when every route took it, `unhealthy` when one did not, `usage` when there is none. */
export async function testAlerts(config: Config, json: boolean, io: Io): Promise<number> {
  const routes = routesOf(config);
  if (routes.length === 0) {
    io.stderr.write(
      `${NAME}: no alert route is set up: set ALERT_WEBHOOK_URL, ALERT_NTFY_URL, ` +
        'ALERT_TELEGRAM_TOKEN with ALERT_TELEGRAM_CHAT, ALERT_EMAIL_SERVER, or ' +
        'DEADMAN_URL.\n',
    );
    return EXIT.usage;
  }
  const post = createPost(routes);
  const clock = systemClock();
  const alert: Alert = {
    level: 'info',
    key: 'test',
    text: 'test of the alert routes: nothing is wrong',
    source: `${config.environment}, ${config.mode}`,
    at: clock.wall(),
  };
  const results = await Promise.all(
    routes.map(async (route) => {
      const began = clock.mono();
      const outcome = await post(requestOf(route, alert));
      const spentMs = clock.mono() - began;
      return { route: route.type, host: hostOf(route), ...outcome, spentMs };
    }),
  );
  if (json) io.stdout.write(`${JSON.stringify({ routes: results }, null, 2)}\n`);
  else {
    for (const one of results) {
      const how = one.route === 'email' ? 'SMTP' : 'HTTP';
      const said =
        one.status === 'delivered'
          ? `delivered (${how} ${one.code})${one.remark === undefined ? '' : `, BUT ${one.remark}`}`
          : `FAILED: ${one.why}`;
      io.stdout.write(`${one.route.padEnd(10)}${one.host}  ${said}, ${one.spentMs} ms\n`);
    }
  }
  const isWell = (one: PostOutcome) => one.status === 'delivered' && one.remark === undefined;
  return results.every(isWell) ? EXIT.ok : EXIT.unhealthy;
}
