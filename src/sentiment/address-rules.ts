/**
 * Which addresses may be asked at all: listed hosts, https, never a private network (F106).
 * Deliberately pure: names are resolved, if at all, by whoever hands the results in.
 */

/** Why an address may not be asked; undefined when it may. `from` is the page that redirected. */
export function refusal(
  target: URL,
  allowHosts: readonly string[],
  from: URL | undefined,
): string | undefined {
  const host = target.host.toLowerCase();
  if (target.username !== '' || target.password !== '') return 'it carries a user name';
  if (!allowHosts.some((allowed) => allowed.toLowerCase() === host)) {
    return `${host} is not on the list of allowed hosts`;
  }
  if (isPrivateHost(target.hostname)) {
    if (!isLoopbackHost(target.hostname)) return `${host} is a private address`;
    if (from !== undefined && from.host !== target.host) return 'a redirect to this machine';
  } else if (target.protocol !== 'https:') {
    return 'it is not https';
  }
  if (target.protocol !== 'https:' && target.protocol !== 'http:') return 'it is not https';
  if (from === undefined) return undefined;
  if (from.protocol === 'https:' && target.protocol !== 'https:') return 'a step down from https';
  return isSameSite(from.hostname, target.hostname) ? undefined : `${host} is another site`;
}

/** The same name, or one is a part of the other (`www.example.org` and `example.org`). */
export function isSameSite(a: string, b: string): boolean {
  const one = a.toLowerCase();
  const two = b.toLowerCase();
  return one === two || one.endsWith(`.${two}`) || two.endsWith(`.${one}`);
}

const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|corp|test)$/;

/** A literal private, loopback, link-local or reserved address, or a name that only means one. */
export function isPrivateHost(hostname: string): boolean {
  const bare = bareHost(hostname);
  if (bare.includes(':')) return isPrivateV6(bare);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(bare)) return isPrivateV4(bare.split('.').map(Number));
  return LOCAL_NAME.test(bare) || !bare.includes('.');
}

export function isLoopbackHost(hostname: string): boolean {
  const bare = bareHost(hostname);
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}

function bareHost(hostname: string): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isPrivateV4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100 && b >= 64 && b <= 127) return true;
  if (a === 169 && b === 254) return true;
  if (a === 172 && b >= 16 && b <= 31) return true;
  if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) return true;
  return a === 198 && (b === 18 || b === 19);
}

/** URL has already brought the text into its shortest form, so prefixes can be compared. */
function isPrivateV6(bare: string): boolean {
  if (bare === '::' || bare === '::1') return true;
  const mapped = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(bare);
  if (mapped !== null) {
    const high = Number.parseInt(mapped[1] ?? '', 16);
    const low = Number.parseInt(mapped[2] ?? '', 16);
    return isPrivateV4([high >> 8, high & 255, low >> 8, low & 255]);
  }
  const dotted = /^::(?:ffff:)?(\d+\.\d+\.\d+\.\d+)$/.exec(bare);
  if (dotted !== null) return isPrivateV4((dotted[1] ?? '').split('.').map(Number));
  return /^(f[cd]|fe[89abcdef]|ff)/.test(bare) || bare.startsWith('::');
}
