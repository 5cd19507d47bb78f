import { Ledger } from '../../local/ledger';
import { problemsOf, ReportSources } from '../../local/report';

const answer = { 'ann:EMAIL': { EventAttributes: { offer_id: '20_OFF', offer_assignment_id: 'id-of-ann' } }, 'ben:EMAIL': { EventAttributes: {} } };

function problems(accepted: readonly unknown[], waiting: readonly object[], changes: object = {}): string[] {
  const { delivering, dropped, output } = { delivering: [['Offer']], dropped: 0, output: answer as unknown, ...changes };
  const ledger = new Ledger();
  ledger.of('Offer').deadLettered = waiting.length;
  if (dropped > 0) ledger.of('Offer').dropped.NotWanted = dropped;
  return problemsOf({
    ledger, delivering, state: [], lost: [], executionProblems: [],
    recorder: { denied: [], refused: [], errors: [] },
    inbox: { problems: [], accepted, takenFrom: () => accepted.length },
    deadLetters: { waiting: waiting.map((record) => ({ construct: 'Offer', code: 'c', reason: 'r', record })), redriven: [] },
    offers: [{ construct: 'Offer', input: { Endpoints: { 'ann:EMAIL': {}, 'ben:EMAIL': {} } }, output, millis: 1 }],
  } as unknown as ReportSources);
}

test.each<[string, () => string[], string[]]>([
  ['the CDP has heard of it', () => problems([{ id: 'id-of-ann' }], []), []],
  ['it is a dead letter', () => problems([], [{ event: { id: 'id-of-ann' } }]), []],
  ['it is nowhere', () => problems([{ id: 'other' }], []), ['Offer: the CDP never heard of the offer to ann:EMAIL']],
  ['its CDP is not emulated', () => problems([], [], { delivering: [] }), []],
  ['the CDP does not want all of them', () => problems([], [], { dropped: 1 }), []],
  ['the channel failed', () => problems([], [], { output: { errorType: 'OutOfTime', errorMessage: 'm', stack: null } }), []],
  ['the channel answered nothing', () => problems([], [], { output: undefined }), []],
])('an offer that a channel named, when %s', (_, found, expected) => {
  expect(found()).toEqual(expected);
});
