/**
 * Which settings of an alert route belong together, as sentences about those that do not.
 * Deliberately only looks at what is given; each value was checked on its own before.
 */
import type { Config } from './config-resolve.ts';

type AlertValues = Pick<
  Config,
  | 'alertTelegramToken'
  | 'alertTelegramChat'
  | 'alertEmailServer'
  | 'alertEmailFrom'
  | 'alertEmailTo'
  | 'alertEmailUser'
  | 'alertEmailPassword'
>;

/** Half a route would be silent. */
export function alertFaults(config: AlertValues): string[] {
  const { alertEmailServer, alertEmailFrom, alertEmailTo } = config;
  const together: readonly (readonly [string, readonly unknown[]])[] = [
    [
      'ALERT_TELEGRAM_TOKEN and ALERT_TELEGRAM_CHAT',
      [config.alertTelegramToken, config.alertTelegramChat],
    ],
    [
      'ALERT_EMAIL_SERVER, ALERT_EMAIL_FROM and ALERT_EMAIL_TO',
      [alertEmailServer, alertEmailFrom, alertEmailTo],
    ],
    [
      'ALERT_EMAIL_USER and ALERT_EMAIL_PASSWORD',
      [config.alertEmailUser, config.alertEmailPassword],
    ],
  ];
  return together.flatMap(([names, values]) => {
    const given = values.filter((value) => value !== undefined).length;
    const isHalf = given > 0 && given < values.length;
    return isHalf ? [`${names} belong together: set all of them or none.`] : [];
  });
}
