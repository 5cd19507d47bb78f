import { Room } from '../../../../lambda-src/endpoint-targets/pinpoint/room';

test('a refusal halves what a request may hold, down to one', () => {
  const room = new Room(100);
  const seen = [87, 44, 22, 11, 6, 3, 2, 1, 1].map((items) => {
    room.refused(items);
    return room.items;
  });
  expect(seen).toEqual([44, 22, 11, 6, 3, 2, 1, 1, 1]);
});

test('full requests that are taken double it again, up to the limit', () => {
  const room = new Room(100);
  room.refused(50);
  const seen = [24, 25, 50, 100, 100].map((items) => {
    room.taken(items);
    return room.items;
  });
  expect(seen).toEqual([25, 50, 100, 100, 100]);
});
