// A fresh key and a certificate for localhost, made on the spot so that no key is kept in a file.
// It writes the few ASN.1 structures by hand and is good for tests only.
import { generateKeyPairSync, sign } from 'node:crypto';

type Der = Buffer;

function tagged(tag: number, ...parts: readonly Der[]): Der {
  const body = Buffer.concat(parts);
  const size =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: readonly Der[]): Der => tagged(0x30, ...parts);
const hexed = (tag: number, hex: string): Der => tagged(tag, Buffer.from(hex, 'hex'));
const time = (text: string): Der => tagged(0x17, Buffer.from(text));

/** ecdsa-with-SHA256, commonName, subjectAltName. */
const SIGNATURE = sequence(hexed(0x06, '2a8648ce3d040302'));
const NAME = sequence(
  tagged(0x31, sequence(hexed(0x06, '550403'), tagged(0x0c, Buffer.from('localhost')))),
);
const ALTERNATIVES = sequence(
  hexed(0x06, '551d11'),
  tagged(0x04, sequence(tagged(0x82, Buffer.from('localhost')), hexed(0x87, '7f000001'))),
);

/** PEM texts, valid from 2020 to 2049 for localhost and 127.0.0.1. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const body = sequence(
    tagged(0xa0, hexed(0x02, '02')),
    hexed(0x02, '01'),
    SIGNATURE,
    NAME,
    sequence(time('200101000000Z'), time('491231235959Z')),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(ALTERNATIVES)),
  );
  const proof = tagged(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const text = sequence(body, SIGNATURE, proof).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}
