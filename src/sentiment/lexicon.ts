/**
 * The words by which palm-oil news move the price: subjects with their sign, moves, moods, phrases.
 * Deliberately data: how words combine is headline-score.ts; numbers are weights, not prices.
 */

/** Which way the price goes when the subject rises; 0 is a subject without a known effect. */
export interface Subject {
  readonly driver: Driver;
  readonly sign: -1 | 0 | 1;
  readonly words: readonly string[];
}

export type Driver =
  | 'price'
  | 'stocks'
  | 'output'
  | 'supply'
  | 'exports'
  | 'demand'
  | 'biodiesel'
  | 'rival-oils'
  | 'crude'
  | 'ringgit'
  | 'weather'
  | 'policy'
  | 'company';

const list = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

export const SUBJECTS: readonly Subject[] = [
  {
    driver: 'price',
    sign: 1,
    words: list(
      `palm, palm oil, crude palm oil, cpo, fcpo, palm futures, palm oil futures, futures,
      contract, benchmark, price, prices, palm prices, olein, sawit, harga, market,
      palm rally, 棕榈油`,
    ),
  },
  {
    driver: 'stocks',
    sign: -1,
    words: list('stocks, stock, stockpile, stockpiles, inventory, inventories, reserves, stok'),
  },
  {
    driver: 'output',
    sign: -1,
    words: list(
      `output, production, harvest, harvests, yield, yields, crop, fruit bunches, ffb,
      pengeluaran, palm output, palm oil output, crude palm oil output, palm target,
      production target`,
    ),
  },
  { driver: 'supply', sign: -1, words: list('supply, supplies, availability, arrivals') },
  {
    driver: 'exports',
    sign: 1,
    words: list(
      'exports, export, shipments, shipment, eksport, 出口, palm exports, palm oil exports',
    ),
  },
  {
    driver: 'demand',
    sign: 1,
    words: list(
      `demand, consumption, buying, purchases, imports, import, orders, offtake, appetite,
      usage, buyers, permintaan`,
    ),
  },
  {
    driver: 'biodiesel',
    sign: 1,
    words: list(
      'biodiesel, biofuel, b30, b35, b40, b45, b50, blend, blending, mandate, biodiesel blend',
    ),
  },
  {
    driver: 'rival-oils',
    sign: 1,
    words: list(
      `soyoil, soy oil, soybean oil, soya oil, soyabean oil, dalian, dalian contracts, chicago,
      cbot, rival oils, vegetable oils, vegetable oil, veg oils, edible oils, sunflower oil,
      rapeseed oil, dalian palm`,
    ),
  },
  {
    driver: 'crude',
    sign: 1,
    words: list('crude, crude oil, brent, energy, wti, petroleum, soyoil futures and energy'),
  },
  { driver: 'ringgit', sign: -1, words: list('ringgit, malaysian ringgit, myr') },
  {
    driver: 'policy',
    sign: 0,
    words: list(
      `levy, duty, duties, tax, taxes, tariff, tariffs, quota, receipts, export levy,
      export duty, export duties, palm export duties, palm export levy, restrictions,
      palm export`,
    ),
  },
  {
    driver: 'company',
    sign: 0,
    words: list(
      `dividend, profit, profits, earnings, shares, revenue, net income, canola,
      canola futures, dollar, bullion, gold, metals, bank, wheat, corn, bitcoin, equities`,
    ),
  },
];

/** Words that say that something moves, or stands, higher (+) or lower (-); strength 1 is plain. */
export const MOVES: Readonly<Record<string, number>> = {
  ...weights(
    1,
    `rise, rises, rose, rising, risen, gain, gains, gained, gaining, climb, climbs, climbed,
      climbing, advance, advances, advanced, increase, increases, increased, increasing, grow,
      grows, grew, growing, growth, up, higher, more, bigger, larger, above, recover,
      recovers, recovered, rebound, rebounds, rebounded, strengthen, strengthens,
      strengthened, stronger, strong, firm, firmer, firms, improve, improves, improved,
      better, add, adds, added, lift, lifts, lifted, boost, boosts, boosted, boosting, expand,
      expands, expanded, highest, high, dearer, extend, raise, raises, raised, outperform,
      outperforms, outran, upward, uptick, build, builds, building, built, accumulate, swell,
      swells, naik, tumbuh, meningkat, 上涨, 增加, resume, resumes`,
  ),
  ...weights(
    1.5,
    `rally, rallies, rallied, jump, jumps, jumped, jumping, surge, surges, surged, surging,
      soar, soars, soared, soaring, spike, spikes, spiked, leap, leaps, leapt, record high,
      melonjak, 大涨`,
  ),
  ...weights(
    -1,
    `fall, falls, fell, falling, fallen, drop, drops, dropped, dropping, decline, declines,
      declined, declining, slip, slips, slipped, slipping, lower, less, smaller, below, down,
      decrease, decreases, decreased, weaken, weakens, weakened, weaker, weak, soft, softer,
      ease, eases, eased, easing, cheaper, cut, cuts, cutting, reduce, reduces, reduced,
      shrink, shrinks, shrank, lose, loses, losing, loss, losses, lost, retreat, retreats,
      retreated, worse, worsen, lowest, low, slow, slows, slowed, slowly, slower, hurt, hurts,
      dent, dents, dip, dips, dipped, contract sharply, miss, misses, missed, lag, lags,
      lagged, thin, draw, drawdown, hampered, delay, delays, disrupt, disrupts, disrupted,
      disruption, turun, jatuh, merosot, 下跌, 下降, downside, curtail, curtails, curb,
      scale back, downward, flag, flags, fade, fades, faded`,
  ),
  ...weights(
    -1.5,
    `plunge, plunges, plunged, plunging, slump, slumps, slumped, tumble, tumbles, tumbled,
      crash, crashes, crashed, collapse, collapses, collapsed, sink, sinks, sank, halve,
      halved, 大跌`,
  ),
};

/** Words and phrases that mean up or down by themselves, whatever stands beside them. */
export const MOODS: Readonly<Record<string, number>> = {
  ...weights(
    1.5,
    `bullish, short covering, short squeeze, shortage, shortages, shortfall, deficit,
      undersupplied, upbeat, crop failure, export ban by rivals, supply worry, supply worries,
      supply concern, supply concerns, supply fears, supply disruption, below every estimate,
      below expectations, stocks below estimate`,
  ),
  ...weights(
    1,
    `flood, floods, flooding, flooded, drought, dry spell, dryness, el nino, la nina,
      heavy rain, heavy rains, monsoon, haze, labour shortage, labor shortage,
      worker shortage, supply tightens, supply may tighten, supply tightness, tight supply,
      tight supplies, tighter supply, supply tightening, tight stocks, tightness, tighten,
      tightens, tightening, supportive, buys, buy, bought, tender, winning streak,
      straight gain, straight daily gain, underpin, underpins, bargain hunting, restocking,
      festive demand, diwali demand, ramadan demand, output risk`,
  ),
  ...weights(
    -1.5,
    `bearish, glut, oversupply, oversupplied, surplus, sell-off, selloff, liquidation,
      downbeat, health risk, import curb, import curbs, import ban, boycott,
      demand destruction, above every estimate, record stocks, ample supply, ample supplies,
      abundant supply`,
  ),
  ...weights(
    -1,
    `ample, abundant, good rain, good rains, favourable weather, favorable weather,
      profit-taking, profit taking, deforestation rule, deforestation law, losing streak,
      sluggish, straight loss, bumper crop, bumper harvest, peak season, peak production,
      weigh, weighs, weighed, pressured, under pressure, headwind`,
  ),
};

/** Before a move or a mood within three words: its sign is turned, its strength halved. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  list(
    `not, no, never, without, neither, nor, hardly, barely, isn't, isnt, aren't, wasn't,
      won't, don't, doesn't, didn't, can't, cannot, unlikely, fails, failed, fail, tidak,
      bukan, tak, 不, 没有, stops, avoid, avoids, nothing, scarcely, rejects, denies, denied,
      dismisses`,
  ),
);

export const INTENSIFIERS: Readonly<Record<string, number>> = {
  ...weights(
    1.5,
    `sharply, sharp, strongly, very, much, heavily, significantly, steeply, record, huge,
      biggest, massive, extremely, deep, deeply, most, severe, severely, double-digit, hugely`,
  ),
  ...weights(
    0.5,
    `slightly, slight, marginally, marginal, touch, bit, little, somewhat, mildly, modestly,
      modest, may, might, could, would, possibly, perhaps, hope, hopes, hoping, if, rumour,
      rumor, reportedly`,
  ),
};

/** Read as one word without a meaning, so that their parts do not count (F107). */
export const NEUTRAL_PHRASES: readonly string[] = list(
  `short-term, short term, long-term, long term, near-term, support ticket, support team,
      customer support, long read, short video, short thread, in short, shortly, before long,
      as long as, follow up, sign up, up to, up for, made up, set up, wrap up, look up,
      break down, shut down, low-fat, high school, high court, high-level, higher education,
      more replies, read more, find out more, learn more, more than, firm said, law firm,
      research firm, day high, day low, cut-off, drop-off point, market share, stock report,
      stock exchange, stock market, crop year, at midday, further notice, crude palm,
      fall season, open interest, last week, rather than, no more than, output mix,
      sell tickets, so far, year-end, end-month, cooking oil recipe, buy now, buy here,
      buyers guide`,
);

/** At least one of these makes a text about palm oil; matched as whole words. */
export const TOPIC: readonly string[] = list(
  `palm oil, crude palm, cpo, fcpo, palm futures, palm prices, palm price, palm output,
      palm stocks, palm exports, palm export, palm kernel, palm olein, palm rally,
      palm target, palm biodiesel, palm production, malaysian palm, indonesian palm,
      benchmark palm, mpob, mpoc, gapki, olein, sawit, stearin, oil palm, felda, sabah,
      sarawak, johor, tropical oils, vegetable oil, vegetable oils, edible oil, soyoil,
      soybean oil, biodiesel, b40, b50, bmd, bursa derivatives, 棕榈油, cargo surveyor,
      palm oil mills, mills`,
);

/** `palm` alone counts when one of these stands in the same text. */
export const PALM_COMPANIONS: readonly string[] = list(
  `futures, ringgit, soyoil, dalian, output, stocks, exports, demand, tonnes, rotterdam,
      crude, supply, malaysia, malaysian, indonesia, indonesian, kuala lumpur, levy,
      benchmark, brokers, production, vegetable oils, rival oils, price, prices, biodiesel`,
);

/** Looks like the topic and is not. */
export const FALSE_TOPICS: readonly string[] = list(
  `palm oil free, palm-oil-free, free of palm oil, without palm oil, royal palm,
      palm beach, palm springs, palm sunday, palm tree, palm trees, palm jumeirah,
      palm reading, palm of, palm desert, palm in its name, recipe, skincare, shampoo,
      peanut butter, soap`,
);

/** Advertising and signal selling: not an opinion about the market. */
export const SPAM: readonly RegExp[] = [
  /\bt\.me\b|\btelegram\b|\bwhats ?app\b|\bdiscord\b|\bonlyfans\b|\bdm (me|us|for)\b/,
  /\b(join|subscribe|sign up|register|click|buy) (now|today|here|us|our)\b|\blink in bio\b/,
  /\b\d{3,}\s*%\s*(profit|return|gain|roi)/,
  /\b(guaranteed|risk.free) (profit|return|income|gains?)\b/,
  /\b(free|vip|cheap|premium) (signals?|channel|group)\b|\bpromo code\b|\bgiveaway\b|\bairdrop\b/,
];

function weights(strength: number, text: string): Record<string, number> {
  return Object.fromEntries(list(text).map((word) => [word, strength]));
}
