/**
 * One question to the keychain of the operating system, asked in a process of its own: its library
 * can block for ever, and even the exit of the process that called it (F95).
 * Deliberately gets everything over the channel: nothing secret is in its arguments or environment.
 */

export interface KeychainQuestion {
  readonly verb: 'get' | 'set' | 'delete';
  readonly service: string;
  readonly name: string;
  readonly value?: string;
}

export type KeychainAnswer =
  | { readonly ok: true; readonly value: string | undefined }
  | { readonly ok: false; readonly kind: 'unavailable' | 'locked'; readonly why: string };

interface Entry {
  getPassword(): Promise<string | null>;
  setPassword(value: string): Promise<void>;
  deleteCredential(): Promise<boolean>;
}

/** The part of the package that is used. It is optional, so its types may be absent. */
interface Keyring {
  readonly AsyncEntry: new (
    service: string,
    name: string,
    options: { readonly linux: { readonly store: string } },
  ) => Entry;
}

const PACKAGE = '@napi-rs/keyring';

/** The package itself, or the part of it that is made for this platform. */
const isMissing = (code: unknown): boolean =>
  code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';

async function ask({ verb, service, name, value }: KeychainQuestion): Promise<KeychainAnswer> {
  let library: Keyring;
  try {
    library = (await import(PACKAGE)) as Keyring;
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && isMissing(error.code);
    const state = isAbsent ? 'is not installed' : 'does not load';
    return { ok: false, kind: 'unavailable', why: `the package ${PACKAGE} ${state}` };
  }
  try {
    // Never the library's own choice: it falls back to a kernel memory that a reboot empties.
    const entry = new library.AsyncEntry(service, name, { linux: { store: 'secret-service' } });
    if (verb === 'get') return { ok: true, value: (await entry.getPassword()) ?? undefined };
    if (verb === 'set') await entry.setPassword(value ?? '');
    else await entry.deleteCredential();
    return { ok: true, value: undefined };
  } catch (error) {
    return fault(error instanceof Error ? error.message : '');
  }
}

/** The library's texts name no secret, but they are long: a few words for each kind. */
function fault(text: string): KeychainAnswer {
  if (/dismissed|locked/i.test(text)) {
    return { ok: false, kind: 'locked', why: 'it is locked' };
  }
  const why = /d-?bus|autolaunch|platform failure/i.test(text)
    ? 'there is no session bus'
    : 'it does not work on this machine';
  return { ok: false, kind: 'unavailable', why };
}

process.once('message', (question: KeychainQuestion) => {
  void ask(question).then((answer) => {
    process.send?.(answer, () => process.disconnect());
  });
});
