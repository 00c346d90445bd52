/**
 * Rows of the configuration table for whoever looks after a run that nobody watches.
 * Deliberately only data, as the rest of the table.
 */
import {
  address,
  choice,
  integer,
  list,
  mailServer,
  seconds,
  secret,
  secretAddress,
  text,
} from './config-kinds.ts';
import { may, need } from './config-setting.ts';

/** Plain addresses of ASCII: nothing that could end a line or a command of the mail server. */
const MAIL_ADDRESS = /^[\w.+-]{1,64}@[a-zA-Z\d](?:[a-zA-Z\d.-]{0,252}[a-zA-Z\d])?$/;

export const OPERATE = {
  journalDays: need({
    group: 'operate',
    kind: integer(7, 3_650, 'days'),
    env: 'JOURNAL_DAYS',
    fallback: '35',
    unit: 'days',
    about:
      'How long the journal keeps why nothing was done. Orders, deals, breakers, commands and ' +
      'the decisions behind trades stay for ever; prices go within hours.',
  }),
  unhealthyExitMs: may({
    group: 'operate',
    kind: seconds(60, 86_400),
    env: 'UNHEALTHY_EXIT_SECS',
    fallbackText: 'never',
    unit: 'seconds',
    about:
      'A headless run that is not well for so long ends, for a service manager to start it ' +
      'again: exit code 12 (journal), 69 (link or feed) or 71 (loop). Positions keep their stops.',
  }),
  absentHours: may({
    group: 'operate',
    kind: integer(1, 8_760, 'hours'),
    env: 'OPERATOR_ABSENT_HOURS',
    fallbackText: 'never',
    unit: 'hours',
    about:
      'Without any operator, at this screen or attached, for so long: an alert, and what ' +
      'OPERATOR_ABSENT_ACTION says.',
  }),
  absentAction: need({
    group: 'operate',
    kind: choice('stop-entries', 'alert'),
    env: 'OPERATOR_ABSENT_ACTION',
    fallback: 'stop-entries',
    about:
      'What happens then: `stop-entries` sets trading to reducing: positions are looked after, ' +
      'nothing new is ' +
      'opened until an operator says so. `alert` only tells.',
  }),
  alertWebhook: may({
    group: 'operate',
    kind: secretAddress(),
    env: 'ALERT_WEBHOOK_URL',
    about: 'Alerts go there as JSON by POST; Slack, Mattermost and Discord understand it.',
  }),
  alertTelegramToken: may({
    group: 'operate',
    kind: secret(),
    env: 'ALERT_TELEGRAM_TOKEN',
    about: 'Token of a Telegram bot; needs ALERT_TELEGRAM_CHAT.',
  }),
  alertTelegramChat: may({
    group: 'operate',
    kind: text(/^(-?\d{1,20}|@\w{4,64})$/, 'the number of a chat, or @ and the name of a channel'),
    env: 'ALERT_TELEGRAM_CHAT',
    about: 'The chat the bot writes to.',
  }),
  alertTelegramUrl: need({
    group: 'operate',
    kind: address(),
    env: 'ALERT_TELEGRAM_URL',
    fallback: 'https://api.telegram.org',
    about: 'Another server of the Telegram Bot API.',
  }),
  alertNtfy: may({
    group: 'operate',
    kind: secretAddress(),
    env: 'ALERT_NTFY_URL',
    about: 'Address of an ntfy topic, for example https://ntfy.sh/ and a name nobody guesses.',
  }),
  alertNtfyToken: may({
    group: 'operate',
    kind: secret(),
    env: 'ALERT_NTFY_TOKEN',
    about: 'Access token for that topic, where it needs one.',
  }),
  alertEmailServer: may({
    group: 'operate',
    kind: mailServer(),
    env: 'ALERT_EMAIL_SERVER',
    about:
      'The mail server that takes alerts: smtps://host (TLS at once, port 465) or smtp://host ' +
      '(STARTTLS, port 587). Needs ALERT_EMAIL_FROM and ALERT_EMAIL_TO.',
  }),
  alertEmailFrom: may({
    group: 'operate',
    kind: text(MAIL_ADDRESS, 'one e-mail address'),
    env: 'ALERT_EMAIL_FROM',
    about: 'The sender of alerts.',
  }),
  alertEmailTo: may({
    group: 'operate',
    kind: list(MAIL_ADDRESS, 'e-mail addresses'),
    env: 'ALERT_EMAIL_TO',
    about: 'Who gets alerts.',
  }),
  alertEmailUser: may({
    group: 'operate',
    kind: text(/^[\x21-\x7e]{1,256}$/, 'printable characters without spaces, at most 256'),
    env: 'ALERT_EMAIL_USER',
    about: 'Whom the mail server knows us as; needs ALERT_EMAIL_PASSWORD.',
  }),
  alertEmailPassword: may({
    group: 'operate',
    kind: secret(),
    env: 'ALERT_EMAIL_PASSWORD',
    about: 'Its password; better one for this program alone.',
  }),
  alertLevel: need({
    group: 'operate',
    kind: choice('info', 'warning', 'critical'),
    env: 'ALERT_LEVEL',
    fallback: 'warning',
    about: 'Nothing milder is sent.',
  }),
  alertRepeatMs: need({
    group: 'operate',
    kind: seconds(60, 86_400),
    env: 'ALERT_REPEAT_SECS',
    fallback: '3600',
    unit: 'seconds',
    about: 'The same trouble is not told again within this time.',
  }),
  alertPerHour: need({
    group: 'operate',
    kind: integer(1, 120),
    env: 'ALERT_PER_HOUR',
    fallback: '20',
    about: 'Most alerts within an hour; the rest is counted and told with the next.',
  }),
  alertSummaryHour: may({
    group: 'operate',
    kind: integer(0, 23),
    env: 'ALERT_SUMMARY_HOUR',
    fallbackText: 'no summary',
    unit: 'hour of the day, UTC',
    about: 'When the summary of the day is sent.',
  }),
  alertDisconnectMs: need({
    group: 'operate',
    kind: seconds(10, 3_600),
    env: 'ALERT_DISCONNECT_SECS',
    fallback: '60',
    unit: 'seconds',
    about: 'Without a link to the broker for longer than this, an alert.',
  }),
  alertSilenceMs: need({
    group: 'operate',
    kind: seconds(5, 900),
    env: 'ALERT_SILENCE_SECS',
    fallback: '30',
    unit: 'seconds',
    about: 'Without a quote for longer than this in an open session, an alert.',
  }),
  alertLoginHours: need({
    group: 'operate',
    kind: integer(1, 720, 'hours'),
    env: 'ALERT_LOGIN_HOURS',
    fallback: '72',
    unit: 'hours',
    about: 'An alert so long before the stored login ends.',
  }),
  alertFreeMib: need({
    group: 'operate',
    kind: integer(64, 1_048_576, 'MiB'),
    env: 'ALERT_FREE_MIB',
    fallback: '1024',
    unit: 'MiB',
    about: 'An alert when less is free where the journal is.',
  }),
  deadmanUrl: may({
    group: 'operate',
    kind: secretAddress(),
    env: 'DEADMAN_URL',
    about: 'Asked again and again while all is well: a watchdog elsewhere alarms when that ends.',
  }),
  deadmanMs: need({
    group: 'operate',
    kind: seconds(10, 3_600),
    env: 'DEADMAN_SECS',
    fallback: '60',
    unit: 'seconds',
    about: 'How often.',
  }),
} as const;
