/** Every page in every look, for people to look at: ui/shots/<page>-<width>-<theme>-<language>.png. */
import { ADDRESSES } from "../e2e/harness/addresses";
import { open, test } from "../e2e/harness/test";
import { picture } from "./picture";

const LOOKS = (["en", "ru"] as const).flatMap((language) =>
  (["light", "dark"] as const).flatMap((theme) => [1440, 390].map((width) => ({ language, theme, width }))),
);

for (const { language, theme, width } of LOOKS) {
  test.describe(`${width} ${theme} ${language}`, () => {
    test.use({ preferences: { language, theme }, viewport: { width, height: width > 720 ? 900 : 844 } });

    for (const address of ADDRESSES) {
      test(address.name, async ({ page, potok, runs, complaints }) => {
        complaints.allow(/.*/);
        await open(page, potok, address.path(runs));
        await picture(page, `shots/${address.name}-${width}-${theme}-${language}.png`);
      });
    }
  });
}
