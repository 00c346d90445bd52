/**
 * A certificate authority and a server certificate for this machine, made in memory: Node can sign
 * but not issue, so the few DER forms are written here (X.509 v3, RFC 5280, ECDSA P-256).
 * Deliberately for loopback names only, short-lived, and its keys are never written to a disk.
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface LocalCertificates {
  /** PEM of the authority: what a client is told to trust. */
  readonly authority: string;
  /** PEM of the server's certificate. */
  readonly cert: string;
  /** PEM of the server's private key. */
  readonly key: string;
}

export interface CertificateWish {
  /** UTC milliseconds; valid from a day before. */
  readonly now: number;
  readonly days: number;
  /** DNS names and IPv4 or IPv6 addresses in their shortest form. */
  readonly names: readonly string[];
}

export const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1'] as const;

const DAY_MS = 86_400_000;

/** A fresh authority and one certificate signed by it; nothing outlives the process but the PEM. */
export function makeLocalCertificates(wish: CertificateWish): LocalCertificates {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [authority, server] = [pair(), pair()];
  const times = { from: wish.now - DAY_MS, to: wish.now + wish.days * DAY_MS };
  const issuer = { name: 'palm-oil-tui simulator authority', key: authority.privateKey };
  const authorityId = keyId(authority.publicKey);
  const own = certificate({
    ...times,
    issuer,
    subject: issuer.name,
    publicKey: authority.publicKey,
    extensions: [
      extension(OID.basicConstraints, true, sequence(boolean(true), integer(Buffer.of(0)))),
      extension(OID.keyUsage, true, bits(1, 0x06)),
      extension(OID.subjectKeyId, false, octets(authorityId)),
    ],
  });
  const leaf = certificate({
    ...times,
    issuer,
    subject: 'palm-oil-tui simulator',
    publicKey: server.publicKey,
    extensions: [
      extension(OID.basicConstraints, true, sequence()),
      extension(OID.keyUsage, true, bits(7, 0x80)),
      extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth))),
      extension(OID.subjectAltName, false, sequence(...wish.names.map(generalName))),
      extension(OID.subjectKeyId, false, octets(keyId(server.publicKey))),
      extension(OID.authorityKeyId, false, sequence(tagged(0x80, authorityId))),
    ],
  });
  const key = server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { authority: pem(own), cert: pem(leaf), key };
}

interface CertificateParts {
  readonly subject: string;
  readonly issuer: { readonly name: string; readonly key: KeyObject };
  readonly publicKey: KeyObject;
  readonly from: number;
  readonly to: number;
  readonly extensions: readonly Buffer[];
}

function certificate(parts: CertificateParts): Buffer {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const publicKey = parts.publicKey.export({ type: 'spki', format: 'der' });
  // Unique as the key is: positive, and at most 20 bytes.
  const serial = createHash('sha256').update(publicKey).digest().subarray(0, 16);
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(serial),
    algorithm,
    distinguishedName(parts.issuer.name),
    sequence(time(parts.from), time(parts.to)),
    distinguishedName(parts.subject),
    publicKey,
    tagged(0xa3, sequence(...parts.extensions)),
  );
  const signature = sign('sha256', body, { key: parts.issuer.key, dsaEncoding: 'der' });
  return sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.of(0), signature])));
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectAltName: '2.5.29.17',
  subjectKeyId: '2.5.29.14',
  authorityKeyId: '2.5.29.35',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** Tag, length, value; lengths above 127 are written in the long form. */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size =
    length < 128
      ? Buffer.of(length)
      : length < 256
        ? Buffer.of(0x81, length)
        : Buffer.of(0x82, length >> 8, length % 256);
  return Buffer.concat([Buffer.of(tag), size, value]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const octets = (value: Buffer): Buffer => tagged(0x04, value);
const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.of(value ? 0xff : 0));

/** A positive number, most significant byte first: no needless zeros, never read as negative. */
function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(first < 0 ? bytes.length - 1 : first);
  const isHigh = (short[0] ?? 0) >= 0x80;
  return tagged(0x02, isHigh ? Buffer.concat([Buffer.of(0), short]) : short);
}

/** A bit string of one byte with that many unused bits. */
const bits = (unused: number, byte: number): Buffer => tagged(0x03, Buffer.of(unused, byte));

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(128 + (left % 128));
    }
    bytes.push(...groups);
  }
  return tagged(0x06, Buffer.from(bytes));
}

const distinguishedName = (name: string): Buffer =>
  sequence(tagged(0x31, sequence(oid(OID.commonName), tagged(0x0c, Buffer.from(name, 'utf8')))));

/** UTCTime up to 2049, GeneralizedTime from 2050, both to the second. */
function time(instant: number): Buffer {
  const digits = new Date(instant).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  const isLate = digits >= '2050';
  return tagged(isLate ? 0x18 : 0x17, Buffer.from(isLate ? digits : digits.slice(2), 'ascii'));
}

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));

function generalName(name: string): Buffer {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) {
    return tagged(0x87, Buffer.from(name.split('.').map(Number)));
  }
  if (name.includes(':')) return tagged(0x87, ipv6(name));
  return tagged(0x82, Buffer.from(name, 'ascii'));
}

function ipv6(name: string): Buffer {
  const [head = '', tail = ''] = name.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [words(head), words(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return Buffer.concat(
    [...before, ...zeros, ...after].map((word) => {
      const value = Number.parseInt(word, 16);
      return Buffer.of(value >> 8, value % 256);
    }),
  );
}

const keyId = (key: KeyObject): Buffer =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
