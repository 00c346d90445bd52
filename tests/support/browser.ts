/** A scripted browser: opens the address of a login, answers the question, comes back. */

/** Presses Allow or Deny on the simulator's page; the address the browser is sent back to. */
export async function decide(address: string, answer: 'Allow' | 'Deny'): Promise<string> {
  const page = await (await fetch(address)).text();
  const href = new RegExp(`href="([^"]+)">${answer}<`).exec(page)?.[1]?.replaceAll('&amp;', '&');
  if (href === undefined) throw new Error(`the page has no ${answer}: ${page}`);
  const decided = await fetch(new URL(href, address), { redirect: 'manual' });
  return decided.headers.get('location') ?? '';
}
