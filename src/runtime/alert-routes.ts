/**
 * How one alert looks on each route: an HTTP request, or a mail for its server.
 * Deliberately pure: alert-post.ts sends it. Addresses and tokens are secrets and never in a text.
 */
import type { AlertLevel } from '../engine/index.ts';
import type { MailServer } from './alert-mail.ts';
import type { Mail } from './mail-text.ts';

/** A line without line breaks or control characters, at most 1 000 characters. */
export interface Alert {
  readonly level: AlertLevel;
  /** What it is about; alerts with the same key are the same trouble. */
  readonly key: string;
  readonly text: string;
  /** Which run: environment and mode, in words. */
  readonly source: string;
  /** Wall time in milliseconds, UTC. */
  readonly at: number;
}

export type Route =
  | { readonly type: 'webhook'; readonly url: string }
  | {
      readonly type: 'telegram';
      readonly base: string;
      readonly token: string;
      readonly chat: string;
    }
  | { readonly type: 'ntfy'; readonly url: string; readonly token: string | undefined }
  | {
      readonly type: 'email';
      readonly server: MailServer;
      readonly from: string;
      readonly to: readonly string[];
    }
  /** A page elsewhere that raises the alarm when it is not asked for any more. */
  | { readonly type: 'deadman'; readonly url: string };

export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** A mail and the server that takes it. */
export interface MailRequest {
  readonly server: MailServer;
  readonly mail: Mail;
}

export type AlertRequest = HttpRequest | MailRequest;

const JSON_TYPE = { 'content-type': 'application/json' } as const;
const PRIORITY: Readonly<Record<AlertLevel, string>> = {
  info: '3',
  warning: '4',
  critical: '5',
};

const line = ({ level, text, source }: Alert): string =>
  `${level === 'info' ? '' : `${level.toUpperCase()}: `}${text} (${source})`;

/** The request that carries this alert; a dead-man page only wants to be asked. */
export function requestOf(route: Route, alert: Alert): AlertRequest {
  switch (route.type) {
    case 'webhook': {
      const { level, key, text, source, at } = alert;
      const about = { product: 'palm-oil-tui', version: 1, level, key, source };
      // `text` is what Slack and Mattermost show, `content` what Discord shows.
      const shown = { text: line(alert), content: line(alert), message: text };
      const body = JSON.stringify({ ...about, ...shown, time: new Date(at).toISOString() });
      return { url: route.url, method: 'POST', headers: JSON_TYPE, body };
    }
    case 'telegram': {
      const { base, token, chat } = route;
      const body = JSON.stringify({ chat_id: chat, text: line(alert) });
      const url = `${base.replace(/\/$/, '')}/bot${token}/sendMessage`;
      return { url, method: 'POST', headers: JSON_TYPE, body };
    }
    case 'ntfy': {
      const auth = route.token === undefined ? {} : { authorization: `Bearer ${route.token}` };
      const headers = {
        title: `palm-oil-tui ${alert.level}`,
        priority: PRIORITY[alert.level],
        'content-type': 'text/plain; charset=utf-8',
        ...auth,
      };
      return { url: route.url, method: 'POST', headers, body: line(alert) };
    }
    case 'email': {
      const { server, from, to } = route;
      const { level, text, source, at, key } = alert;
      const subject = `palm-oil-tui ${level}: ${text.slice(0, SUBJECT_MAX)}`;
      const words = `${line(alert)}\n\n${new Date(at).toISOString()}\nabout: ${key}\n`;
      const about = { at, number: hashOf(key), urgent: level === 'critical' };
      return { server, mail: { from, to, subject, text: `${words}from: ${source}\n`, ...about } };
    }
    case 'deadman':
      return { url: route.url, method: 'GET', headers: {}, body: undefined };
  }
}

/** Where a route leads, without what is secret: for logs, `alerts test` and the allow-list. */
export function hostOf(route: Route): string {
  if (route.type === 'email') return `${route.server.host}:${route.server.port}`;
  return new URL(route.type === 'telegram' ? route.base : route.url).host;
}

/** A number for a text: mails of one instant are about different things. */
function hashOf(text: string): number {
  let hash = 7;
  for (const letter of text) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}

const SUBJECT_MAX = 120;
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
const TEXT_MAX = 1_000;

export const plainText = (text: string): string => text.replace(CONTROL, ' ').slice(0, TEXT_MAX);
