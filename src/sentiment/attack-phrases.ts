/**
 * The phrases by which a text speaks to a model, names a score, or hides what it says (F102).
 * Deliberately data: rows match folded lower-case text; quarantine.ts decides how it is folded.
 */

/** Alternatives as whole words. */
const words = (list: string): string =>
  `\\b(?:${list
    .trim()
    .split(/\s*\|\s*/)
    .join('|')})\\b`;

/** One word list, then another, with at most `gap` characters between. */
const near = (first: string, gap: number, second: string): RegExp =>
  new RegExp(`${words(first)}.{0,${gap}}${words(second)}`);

const near3 = (first: string, gap: number, second: string, third: string): RegExp =>
  new RegExp(`${words(first)}.{0,${gap}}${words(second)}.{0,${gap}}${words(third)}`);

const any = (list: string): RegExp => new RegExp(words(list));

const IGNORE = 'ignor\\w* | disregard\\w* | forget | overrid\\w+ | bypass\\w*';
const DROP = `${IGNORE} | discard | drop | skip | cancel | replace | delete | erase | reset`;
const ABOVE =
  'previous\\w* | prior | above | earlier | preceding | your | all | any | these | those | system';
const RULES =
  'instruct\\w* | prompts? | rules? | directions? | directives? | guidelines? | orders? | context';
const OPINION =
  'bullish | bearish | positive | negative | maximum | minimum | strong\\w* | extreme\\w*';
const REPLY = 'respond | reply | answer | print | write | emit | generate';
// `output` and `return` are words of the trade: only the imperative forms count.
const GIVE = `${REPLY} | output | return | produce`;

/** Sentences addressed to a machine, in the languages the trade speaks and some it does not. */
export const SPEAKS: readonly RegExp[] = [
  near3(IGNORE, 40, ABOVE, RULES),
  near(DROP, 40, 'instruct\\w* | prompts? | guardrails? | safety'),
  near3(
    IGNORE,
    25,
    'everything | all | what | anything',
    'above | before | prior | told | said | read',
  ),
  new RegExp(
    `${words('new | updated | real | following | hidden | secret')} ${words(RULES)}\\s*[:.]`,
  ),
  near(
    'system | developer | initial | original | hidden | your',
    1,
    'prompt | instructions? | message',
  ),
  any(
    'language models? | llms? | chat ?gpt | gpt-?\\d\\w* | perplexity | claude | gemini | copilot',
  ),
  near(
    'as | dear | hey | hello | hi | attention | (?:note|notice|message) to | for | to | any | all',
    7,
    'ai | a\\.i\\. | (?:chat)?bots? | assistants? | crawlers? | automated',
  ),
  near(
    'dear | hey | hello | hi | attention | note to | message to',
    7,
    'models? | agents? | readers?',
  ),
  new RegExp(`${words('ai | assistant | model | agent | bot')}\\s*[:,]`),
  near(
    'ai | automated | trading | sentiment',
    1,
    'models? | assistants? | agents? | bots? | systems? | readers? | analy[sz]ers?',
  ),
  near3(
    'you are',
    40,
    '\\w+',
    'assistant | ai | model | bot | analyst | trader | mode | expert | free',
  ),
  any(
    '(?:act|behave|respond|answer|reply) as | pretend (?:to|you|that) | role ?play | jailbreak\\w*',
  ),
  any('(?:dan|developer|debug|admin|god|sudo|root) mode'),
  near(REPLY, 25, 'only | exactly | with | json | verbatim | following | nothing but'),
  near(GIVE, 10, 'the (?:word|number|text|score|value|following) | json | verbatim | exactly'),
  near(GIVE, 1, 'only (?:an?|the|json|with|plus|minus|one|this)'),
  near('respond | reply | answer', 15, '[-+]?\\d{1,3}'),
  near(
    'reveal | show | print | leak | repeat | disclose | expose | tell',
    30,
    'prompt | instructions? | api.?keys? | secrets? | configuration | credentials? | password',
  ),
  /<\|?\/?\s*(im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|inst|sys)\b/,
  /\[\/?\s*(inst|system|sys|assistant|user)\s*\]|<<\s*\/?sys\s*>>/,
  /(^|\s|#+\s*|\*+)(system|assistant|developer|instruction|human)\s*\**\s*(>|:)/,
  near(
    "do not | don'?t | never | without",
    1,
    'mention | tell | reveal | disclose | warn | cite | verify',
  ),
  near3(
    'place | submit | send | execute | open | close | cancel | buy | sell',
    20,
    'orders? | positions? | lots?',
    'now | immediately | at market | for the user | all',
  ),
  near(
    'call | invoke | use | run | execute',
    15,
    'tool | function | command | shell | plugin | script',
  ),
  near(
    'end | stop | begin | start | close',
    15,
    'context | untrusted | system | quote | input | search results?',
  ),
  near(
    'your | the',
    1,
    '(?:task|job|role|goal|objective|answer|response|verdict|reply) (?:is|must|should|will)',
  ),
  new RegExp(
    `${words('important | urgent | critical | override | notice')}\\s*[:!].{0,60}${words(
      'instruct\\w* | rate | classif\\w+ | treat | must | output | answer | respond',
    )}`,
  ),
  near('rate | classify | label | mark | score | tag', 40, OPINION),
  near(
    '(?:treat|consider|regard|report|describe|count|read|take) (?:this|it|them|all|any|every)',
    40,
    OPINION,
  ),
];

/** The same in other languages; folding has removed accents, so the words stand without them. */
export const SPEAKS_ABROAD: readonly RegExp[] = [
  near(
    'abaikan | lupakan | hiraukan | jangan hirau',
    40,
    'arahan | instruksi | perintah | peraturan | aturan',
  ),
  near('jawab | balas | berikan | tetapkan', 30, 'skor | hanya | angka'),
  near(
    'ignora | olvida | descarta | ignore[zr]? | oubli\\w+ | ignorier\\w* | vergiss | ignorat[ei]?',
    40,
    'instru[ck]\\w+ | consignes? | anweisung\\w* | vorgaben | istruzioni | reglas | regole',
  ),
  near(
    'negeer | vergeet | dimentica | esqueca',
    40,
    'instructies | regels | istruzioni | instruc\\w+',
  ),
  /忽略.{0,12}(指令|指示|提示|规则|說明|说明)|(无视|無視|忘记|忘掉).{0,12}(指令|指示|提示|规则)/,
  /系统提示|你是.{0,10}(助手|模型|人工智能)|(输出|回答|返回|打分).{0,10}(分数|评分|得分|\d)/,
  /(игнорир|забуд)\S*.{0,40}(инструкци|указани|правил)/,
  /(تجاهل|انس).{0,30}(التعليمات|الاوامر|الأوامر|القواعد)/,
  /नरदश.{0,30}(अनदख|भल)|निर्देश.{0,30}(अनदेख|भूल)/,
  /(지시|명령|지침).{0,20}(무시|잊)/,
  /(指示|命令).{0,12}(無視|忘れ)/,
];

/** For text from which everything but letters and digits was taken out. */
export const SPEAKS_SQUEEZED: readonly RegExp[] = [
  /(ignore|disregard|forget|override)(all|any|the|your|every)*(previous|prior|above|earlier)/,
  /systemprompt|newinstructions|youarenow(an?)?(ai|assistant|model|bot)/,
];

const LINK =
  '(?:\\s|[:=,(]|\\b(?:is|was|at|of|to|now|score|level|value|should|must|be|set|equals?)\\b)*';
const SCORED = 'score | sentiment | rating | confidence';

/** A score, confidence or label offered ready-made. */
export const SCORES: readonly RegExp[] = [
  /["']?\b(score|confidence|sentiment|rating|as_of|label)\b["']?\s*(=|:)/,
  new RegExp(
    `${words(`${SCORED} | skor | sentimen | puntuaci\\w+ | punteggio`)}${LINK}[+-]?\\d{1,3}\\b`,
  ),
  /\b\d{1,3}\s*(points?|percent|%|\/\s*100)?\s*(of |in |for )?(sentiment|confidence|score)\b/,
  /(^|[^\d])[+-]\s?100\b|\b100\s*\/\s*100\b/,
  near(
    'set | give | assign | make | put | raise | change | push | move | keep | force | use | pick',
    30,
    SCORED,
  ),
  near('maximi[sz]e | minimi[sz]e | max out', 30, SCORED),
  near3(
    SCORED,
    20,
    'is | must | should | shall | to | of | at | equals? | becomes?',
    'hundred | max\\w* | min\\w* | zero | full | highest | lowest | bullish | bearish',
  ),
  any('(?:plus|minus|positive|negative) (?:one )?hundred'),
  near('score', 10, 'bullish | bearish'),
  near('bullish | bearish', 10, 'scores?'),
];

/** Long unbroken runs of letters and digits, escapes, entities: nobody writes news like that. */
export const ENCODED: readonly RegExp[] = [
  /(?<![\w/.-])(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{32,}={0,2}/,
  /(?<![\w/.-])(?:[0-9a-f]{2}[\s:]?){20,}/i,
  /(\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%[0-9a-f]{2}|&#x?[0-9a-f]{2,6};){5,}/i,
  /(?:\b[01]{8}\b[\s,]*){5,}/,
];
