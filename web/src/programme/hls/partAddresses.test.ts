import { expect, test } from "vitest";
import { PartAddresses, partsOf } from "./partAddresses";

const BASE = "http://lectern.test/media/t/s/programme/1";
const playlist = (signature: string) => `#EXTM3U
#EXT-X-MAP:URI="seg_init.mp4?sig=${signature}"
#EXTINF:2.0,
seg_00000.m4s?sig=${signature}
#EXTINF:2.0,
https://store.test/b/seg_00001.m4s?X-Amz-Signature=${signature}
#EXT-X-ENDLIST
`;

/** A server that signs each answer anew, and counts them. */
function server() {
  const asked = { times: 0 };
  const addresses = new PartAddresses(async () => {
    asked.times += 1;
    return { url: `${BASE}/index.m3u8?sig=x`, text: playlist(`new${asked.times}`) };
  });
  return { asked, addresses };
}

test("a playlist names its header and its segments, wherever they are", () => {
  expect(partsOf(playlist("a"), `${BASE}/index.m3u8?sig=x`)).toEqual([
    `${BASE}/seg_init.mp4?sig=a`,
    `${BASE}/seg_00000.m4s?sig=a`,
    "https://store.test/b/seg_00001.m4s?X-Amz-Signature=a",
  ]);
});

test("addresses are used as they came until one is refused", async () => {
  const { asked, addresses } = server();
  expect(addresses.refused(200)).toBe(false);
  expect(addresses.refused(404)).toBe(false);
  expect(await addresses.of(`${BASE}/seg_00000.m4s?sig=old`)).toBe(`${BASE}/seg_00000.m4s?sig=old`);
  expect(asked.times).toBe(0);
});

test("one refusal brings new addresses for all parts, asked for once", async () => {
  const { asked, addresses } = server();
  expect(addresses.refused(403)).toBe(true);
  const found = await Promise.all(
    ["seg_init.mp4", "seg_00000.m4s"].map((name) => addresses.of(`${BASE}/${name}?sig=old`)),
  );
  expect(found).toEqual([`${BASE}/seg_init.mp4?sig=new1`, `${BASE}/seg_00000.m4s?sig=new1`]);
  expect(asked.times).toBe(1);
});

test("the playlist of a live class, which is read again and again, is renewed with them", async () => {
  const { addresses } = server();
  addresses.refused(403);
  expect(await addresses.of(`${BASE}/index.m3u8?sig=old`)).toBe(`${BASE}/index.m3u8?sig=x`);
});

test("addresses are renewed as often as they expire", async () => {
  const { addresses } = server();
  const stored = "https://store.test/b/seg_00001.m4s";
  for (const round of [1, 2, 3]) {
    addresses.refused(403);
    expect(await addresses.of(`${stored}?X-Amz-Signature=old`)).toBe(
      `${stored}?X-Amz-Signature=new${round}`,
    );
  }
});
