import { DAY_MS, HOUR_MS } from "./clock";

const KIB = 1024;
const MIB = 1024 * KIB;

/** Every bound of the product at one place; docs and error messages are made from these. Bytes are UTF-8 bytes. */
export const LIMITS = {
  /** A request body, after decompression. */
  bodyBytes: 64 * MIB,
  /** A body that is not entries, such as an alert configuration. */
  formBytes: 64 * KIB,
  /** One entry as JSON. A longer one is rejected alone. */
  entryBytes: 1 * MIB,
  /** A longer message is cut here and marked in the attributes. */
  messageBytes: 64 * KIB,
  attributesBytes: 64 * KIB,
  attributesDepth: 64,
  serviceCharacters: 200,
  tags: 100,
  tagCharacters: 200,
  /** Of a member's path, and how many a sender may have ignored. */
  fieldPathCharacters: 200,
  ignoredFields: 100,
  /** How far ahead of now a timestamp may be. */
  futureMs: DAY_MS,
  /** POST /api/logs/batch. */
  batchEntries: 1_000,
  /** Rejections listed in one answer; the count is always exact. */
  listedErrors: 1_000,
  /** Of what an answer needs that names each entry, as a bulk's does, about; and as much again for what was rejected. */
  itemBytes: 48 * MIB,
  idempotencyKeyCharacters: 255,
  /** How long the answer to an Idempotency-Key is kept. */
  idempotencyMs: 2 * DAY_MS,
  /** No bytes from the sender for so long: the request is given up. */
  bodyIdleMs: 30_000,

  /** What one listener over UDP or TCP holds until it is committed; for what a connection holds, its sender waits. */
  udpBytes: 16 * MIB,
  tcpBytes: 64 * MIB,
  connectionBytes: 4 * MIB,
  /** Of one listener; for a further one the most silent is closed. */
  listenerConnections: 500,
  /** How long the first datagram waits for others, and what the system is asked to keep meanwhile. */
  udpLingerMs: 20,
  udpSystemBytes: 4 * MIB,
  /** Chunks of GELF messages that are not complete. */
  gelfChunkBytes: 8 * MIB,
  /** Of a message of the forward protocol, compressed if it is. Decompressed it is a body. */
  forwardMessageBytes: 32 * MIB,
  /** Of a syslog message; what is beyond is left out. */
  syslogMessageBytes: 256 * KIB,

  /** A message over gRPC, after decompression; what all calls whose message is read have together; and the calls of one connection. */
  grpcMessageBytes: 16 * MIB,
  grpcBytes: 256 * MIB,
  grpcStreams: 100,

  /** Uploads, whose bodies go on for hours, at the same time; how long one may be silent, which days without a log are. */
  uploads: 50,
  uploadIdleMs: 7 * DAY_MS,
  /** What an upload has sent is stored in chunks of at most so much; what makes none yet after so long a silence, or after so long a time. */
  uploadPartEntries: 2_000,
  uploadPartBytes: 1 * MIB,
  /** Chunks of one upload that are stored at the same time. */
  uploadPartsAtOnce: 3,
  uploadSilenceMs: 1_000,
  uploadPartMs: 10_000,
  /** How long an upload waits, and its sender with it, when entries arrive faster than they can be written; or for more that may have been stored already. */
  uploadWaitMs: 60_000,

  /** Rows and bytes that are decoded but not yet committed, over all requests. Beyond it requests are answered 429. */
  pendingRows: 400_000,
  pendingBytes: 128 * MIB,
  /** A transaction is closed at this size, or after lingerMs, whichever comes first. */
  transactionRows: 10_000,
  transactionBytes: 4 * MIB,
  lingerMs: 2,
  /** So little is written in one way to the database and back. */
  smallTransactionRows: 500,
  smallTransactionBytes: 256 * KIB,
  /** Transactions of the batcher at the same time. */
  writers: 2,
  /** Rows of a body of at least so much are made in a worker thread: with less, handing it over costs as much as it saves. */
  workerBodyBytes: 128 * KIB,
  /** Memory that a worker thread keeps for its next rows. */
  spareBlockBytes: 8 * MIB,
  /** A request larger than this gets a transaction of its own, written as it arrives. */
  streamedRequestBytes: 6 * MIB,
  streamedRequests: 3,

  /** Distinct patterns counted by minute for a service; what is above is counted together as pattern 0. */
  patternsPerServiceMinute: 100,
  patternsPerServiceHour: 100,
  patternsPerServiceDay: 200,
  /** Of an error message, what tells it apart and is shown. */
  patternSampleBytes: 2 * KIB,

  /** Incidents of patterns never seen before, in an hour for one service. */
  newPatternIncidents: 10,
  alertThreshold: 100_000_000,
  /** Alerts that watch a query; fields by which one groups, its groups in a minute, and bytes of their values. */
  queryAlerts: 500,
  alertKeys: 5,
  alertGroups: 200,
  alertBytes: 32 * MIB,
  /** What is remembered of minutes from one judgement to the next, about: what does not fit is read again. */
  alertMemoryBytes: 64 * MIB,
  /** Notifications of openings of one alert in an hour: further incidents are told of when there is room again. */
  alertOpenings: 20,
  /** Services that an alert for every service leaves out. */
  exceptServices: 200,
  /** Who is told of one alert. */
  alertReceivers: 10,
  /** Lines that are held against alerts in one go. */
  followedEntries: 200_000,
  /** Windows of long ago that late lines touched, and for how long they are judged again at once: then those of now have their turn. */
  alertLateWindows: 5_000,
  alertLateMs: 2_000,
  /** How long what came before an alert may be read, and what can't be read is waited for. */
  alertReadMs: 15_000,
  /** How long alerts that are new are prepared in one go, while the others wait; and how long one is left alone for which nothing could be read. */
  alertPrepareMs: 2_000,
  alertRestMs: 60_000,
  alertWaitMs: 10 * 60_000,
  /** A window is judged so long after its end, so that lines on their way are in it; lines that come later make it be judged again. */
  alertGraceMs: 5_000,
  /** For how much longer than its windows need minutes of an alert are kept; windows of older late lines are computed from entries. */
  alertMinutesMs: 2 * HOUR_MS,
  /** E-mail addresses of one configuration. */
  alertAddresses: 10,
  /** How long a delivery is tried before it is given up. */
  deliveryMs: DAY_MS,
  /** For a receiver to answer. */
  deliveryTimeoutMs: 10_000,
  /** For a mail server to take a mail, which it may answer in many steps; no call of a webhook that is called several times begins later. */
  mailMs: 45_000,
  /** Violations or incidents in one answer. */
  listedAlerts: 1_000,
  /** Deliveries of one incident in an answer. */
  listedDeliveries: 200,
  /** Alerts of services in one answer. */
  listedConfigs: 10_000,

  /** Entries that are not sealed yet: when there are more, the oldest of the day with the most are sealed, however young they are. */
  hotEntries: 250_000,
  /** While so many come in so long a time, sealing waits for a quieter moment, until so many are not sealed. */
  busyEntries: 20_000,
  busyMs: 2_000,
  busyHotEntries: 1_500_000,
  /** With more, a transaction waits for so long while sealing is at work, as it falls behind. */
  brakedHotEntries: 2_500_000,
  brakeMs: 1_000,
  /** Of one segment, and of the messages and attributes in it. */
  segmentEntries: 1_000_000,
  segmentTextBytes: 1024 * MIB,
  /** A time within a segment that a search passes over or reads as a whole, and what of texts is in it at the most. */
  blockEntries: 61_440,
  blockTextBytes: 16 * MIB,
  /** Entries at the levels error and fatal get segments of their own where there are so many. */
  severeEntries: 10_000,
  /** Attributes with a column of their own in one segment. */
  attributeColumns: 16,
  /** So few late entries of a day wait for more, but not longer than lateMs. */
  lateEntries: 20_000,
  lateMs: 6 * HOUR_MS,
  /** Services that are listed of a segment; beyond it, it counts as having any. */
  segmentServices: 1_000,
  /** Filters of words kept in memory. */
  blockCacheBytes: 64 * MIB,
  /** Of them, what one search reads at once. */
  blockReadBytes: 8 * MIB,
  /** A segment is written anew when this share of it is hidden, or some of it for so long. */
  hiddenShare: 0.25,
  hiddenMs: 7 * DAY_MS,
  /** A file that no catalogue names may be one that is just being written, or still be read or copied. */
  orphanMs: HOUR_MS,
  /** How long it counts as known whether the store of segments can be reached, and for it to answer that. */
  storeCheckMs: 5_000,
  storeAnswerMs: 3_000,
  /** A file in a folder is read as a whole again after so long, and a run of that job reads so much; and so much of those with a problem. */
  verifyMs: 7 * DAY_MS,
  verifyBytes: 32 * 1024 * MIB,
  /** Segments that are listed in an answer because they could not be read; the count is always exact. */
  missingSegments: 20,

  queryBytes: 10 * KIB,
  /** Parentheses within parentheses. */
  queryDepth: 50,
  queryTerms: 200,

  /** After the query, and columns of a table of groups. */
  pipes: 20,
  statsColumns: 50,
  /** Signs of calculations and comparisons, and words between conditions, in all pipes: each is looked at for every row. */
  pipeOperators: 500,
  /** Groups in one answer; when there are more, those that come first in its order. */
  statsGroups: 10_000,
  /** Groups, and bytes of their values, that are kept while they are computed; what needs more is refused. */
  computedGroups: 100_000,
  /** Groups that one entry may be in, as it has several values of what is grouped by. */
  groupsOfEntry: 10_000,
  computedBytes: 128 * MIB,
  /** Steps of time, each of a service and level, that one computation may take from the counts that are kept. */
  countedSteps: 1_000_000,
  /** How long groups may be computed, and how long one waits for its turn; so many at once, and so many wait. */
  statsMs: 30_000,
  statsWaitMs: 30_000,
  computations: 2,
  /** Results that are kept of sealed segments: of one question and segment, of all in the database, and of all in a process. */
  keptGroupsBytes: 2 * MIB,
  allKeptGroupsBytes: 256 * MIB,
  groupsCacheBytes: 64 * MIB,
  waitingComputations: 50,

  /** Services in one answer; the old answers of the dashboard are whole up to so many. */
  listedServices: 1_000,
  /** Incidents and violations that are counted for the total of a list: there may be millions. */
  countedRows: 100_000,
  /** On one page of a list. */
  listPage: 50,
  /** Names for who types one. */
  suggestions: 20,
  /** Above it somebody should look whether names of pods or of requests are taken for services. */
  manyServices: 2_000,
  topErrors: 100,
  /** Patterns of what a search finds, in one answer: each has its newest entry looked for. */
  foundPatterns: 50,
  listedPatterns: 500,
  /** Services of each pattern in a list of patterns. */
  patternListedServices: 10,
  /** Patterns that count as one, which are listed of it. */
  patternAliases: 100,
  /** Services of one pattern that are listed. */
  patternServices: 100,
  /** Entries of one page of a search. */
  searchPage: 1_000,
  /** Entries before and after one. */
  contextEntries: 100,
  /** Entries that an export holds in memory: few, because what lives for a moment only is cheap to throw away. */
  exportBatch: 200,
  /** Searches and histograms that wait for their turn; the next one is told to come again. */
  waitingReads: 100,
  /** Exports at once, each of which keeps a connection to the database, and those that wait. */
  exports: 4,
  /** What is given to a client at once, in characters, or one line; when it has not taken that for so long, its export ends. */
  exportPiece: 64 * KIB,
  exportIdleMs: 60_000,
  /** What must be taken of an export, in characters a second of the time that is waited for it, over so long. */
  exportLeastPerSecond: 8 * KIB,
  exportPaceMs: 5 * 60_000,
  /** Exports of one user or key, going on or waiting. */
  exportsOfOne: 2,
  waitingExports: 20,
  /** How long a search or a histogram may take; then it says how far it came. */
  searchMs: 5_000,
  /** How long values may be counted; then they are of what was counted by then. */
  facetsMs: 1_000,
  /** Different values of a field that are counted one by one; of more the most frequent are, and numbers by their first digits. */
  facetValues: 10_000,
  /** Fields with their values, values of each, and of one that is searched. */
  facetFields: 20,
  facetListed: 8,
  facetSearched: 50,
  /** How long it may take to find out why a search finds nothing. */
  explainMs: 3_000,
  viewNameCharacters: 100,
  /** Saved views in one answer. */
  listedViews: 500,
  /** Of the name of a time range. */
  rangeCharacters: 10,
  /** A dashboard as JSON, its panels and variables, and what one may be called. */
  dashboardBytes: 512 * KIB,
  panels: 40,
  variables: 10,
  dashboardNameCharacters: 100,
  panelTextCharacters: 20_000,
  /** Values that one chooses of a variable. */
  variableValues: 50,
  listedDashboards: 200,
  /** Lines of a panel. */
  panelLines: 200,
  /** Services or incidents of a panel. */
  panelRows: 50,
  /** What panels of all who watch are computed of: what is asked beyond is told to come again. */
  panelSources: 1_000,
  /** Panels that wait to be computed for who asks once, beside those that are watched: two of the largest dashboards, and some. */
  waitingPanels: 100,
  /** Of their answers: what is kept of those that nobody looks at just now, and of all from which on no further one is taken. */
  panelAnswersBytes: 32 * MIB,
  watchedPanelsBytes: 128 * MIB,
  /** Columns of the explorer's list. */
  columns: 12,
  columnCharacters: 200,
  /** What one may ask for of an entry. */
  fields: 50,
  /** Of a message or an attribute, in lists on pages: more than a row shows. */
  listedCharacters: 500,
  /** Clients of streams and tails in one process. */
  watchers: 3_000,
  /** What one client watches over one connection, and the bytes of its request for that. */
  subscriptions: 100,
  subscriptionsBytes: 1 * MIB + 128 * KIB,
  /** What waits for a slow client; then it misses entries, which it is told. */
  watcherBytes: 256 * KIB,
  heartbeatMs: 15_000,
  /** After a break a client can go on where it was for so long. */
  resumeMs: 10 * 60_000,
  /** Entries that one who resumes gets before it has caught up; what is above is skipped. */
  resumedEntries: 10_000,
  /** How often a tail's query is held against an entry in one go, over all distinct queries; what is above is skipped. */
  tailMatches: 60_000,
  /** Of entries that all tails together get in one go; what is above is skipped. Who resumes gets it in pieces of this size. */
  tailBytes: 8 * MIB,
  /** Of entries that are read from the database for all tails in one go: as many as one request can bring. */
  tailReadBytes: 64 * MIB,
  /** Rows kept for tails as they were written: in all, and of one transaction. */
  recentBytes: 32 * MIB,
  recentTransactionBytes: 8 * MIB,

  /** Characters of a password: the least of NIST SP 800-63B, section 5.1.1.2. */
  passwordLeast: 8,
  passwordMost: 128,
  /** Of a user, a key. */
  nameCharacters: 100,
  sessionMs: 7 * DAY_MS,
  /** A link for a new password. */
  resetMs: HOUR_MS,
  invitationMs: 7 * DAY_MS,
  /** That hold, at once. */
  apiKeys: 10_000,
  /** What a key may do is read again so often: how long a revoked one goes on at the most. */
  keyCacheMs: 3_000,
  /** Whether the sessions and keys of open streams still hold. */
  streamCheckMs: 2_000,
  /** Attempts to sign in, to use a link or to ask for one, of one address in a minute. */
  signInsPerMinute: 10,
  /** Requests without a valid key or session, of one address in a minute. */
  strangersPerMinute: 300,
  /** API keys that don't hold, of one address in a minute. */
  wrongKeysPerMinute: 300,
  /** For how long what one probe was told is told to others. */
  readinessMs: 1_000,
  /** After so long of no answer the next probe is looked for anew: less than probes wait themselves. */
  readinessWithinMs: 2_500,
  /** For Redis to count a request. */
  sharedCountMs: 1_000,
  userRequestsPerMinute: 6_000,
  keyRequestsPerMinute: 120_000,
  /** For the headers of a request to arrive, and for the whole of it. */
  headersMs: 15_000,
  requestMs: 300_000,
  /**
   * For which a connection may wait for its next request. Proxies keep theirs for 60 seconds (nginx, AWS), and who closes first must be the
   * one that asks: else a request goes out on a connection that is just being closed, and is answered by 502.
   */
  keepAliveMs: 75_000,
  headerBytes: 16 * KIB,
  /** How long what a sender still sends is read after an early answer, as else it would see a reset instead; and how long one may be silent then. */
  unreadMs: 5_000,
  unreadIdleMs: 2_000,
  listedAuditEvents: 500,
  /** Of an account and those who have one, in one answer. */
  listedUsers: 500,
  listedInvitations: 500,
  listedSessions: 100,
  listedKeys: 1_000,
  /** For how long other instances may go on with settings as they were. */
  settingsCacheMs: 3_000,
  retentionDays: 3_650,
  /** Of what may be stored: from when on people are told, and down to where the oldest entries go when it is more. */
  diskWarnShare: 0.9,
  diskFreeShare: 0.95,
  /** For how long it is told that entries had to go. */
  diskToldMs: 3 * DAY_MS,
  maxDiskGb: 1_000_000,
  /** Of retention, by service and level. */
  retentionRules: 100,
  /** Regular expressions of masking, and the characters of one. */
  masks: 20,
  maskCharacters: 500,
  /** Services that are listed with what was masked of them. */
  maskedServices: 200,

  /** Job executions in one list of an answer. */
  listedJobs: 50,
  jobHistoryMs: 30 * DAY_MS,
} as const;
