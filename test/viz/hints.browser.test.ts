// What the page says to who comes the first time, in a real browser: where it happens, what is open, what a name stands for.

import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { fragmentOf } from "../../src/viz/link.js";
import { runCli } from "../cli/fake-edge.js";
import { RACE_LINK } from "./links.js";
import { openSite } from "./site.js";

/** A link to the start of a scenario of the corpus, call by call. */
const linkTo = (file: string): string => {
  const text = readFileSync(`litmus/${file}.litmus`, "utf8");
  return `#${fragmentOf({ text, profile: "6.18/ext4", policy: "linux", schedule: [], cursor: 0 })}`;
};

test("from the start of a witness one press leads to the first changed bytes", async () => {
  const page = await openSite(RACE_LINK);
  await page.getByRole("button", { name: "to the first changed bytes" }).click();
  const said = await page.locator("p.spoken[aria-live]").textContent();
  expect(said).toMatch(/^linux: client.s read gets 0xf0 from slot 0, not the 0x00/);
});

test("a read that a copy tore is marked, and led to, without a splice as well", async () => {
  const text = `litmus torn
file f = 0x1f * 4096
thread client { a = pread(f, 4096, 0) }
thread writer { pwrite(f, 0xf0 * 4096, 0) }
`;
  const { out } = await runCli(["explore", "-", "--tear", "on", "--witness", "all"], {
    input: text,
  });
  const shown = out.findIndex((line) => line.includes("Witness of client:a={0x1f|0xf0}"));
  const token = out.slice(shown).find((line) => line.startsWith("sl1t:"))!;
  const page = await openSite(`#${token}`);
  expect(await page.locator("b.tear").getAttribute("title")).toContain("old and new bytes mixed");
  await page.getByRole("button", { name: "to the first torn bytes" }).click();
  expect(await page.locator("p.spoken[aria-live]").textContent()).not.toBe("");
  expect(
    await page
      .getByText(/^step \d+ of/)
      .or(page.getByText(/^stop \d+ of/))
      .first()
      .textContent(),
  ).not.toMatch(/ 0 of/);
});

test("where nobody gets changed bytes nothing leads to them", async () => {
  const page = await openSite(linkTo("samba/read-failover"));
  await page.getByRole("toolbar", { name: "playback" }).waitFor();
  expect(await page.getByRole("button", { name: "to the first changed bytes" }).count()).toBe(0);
});

test("the gallery begins with the scenario that is open, in sight", async () => {
  const page = await openSite(linkTo("samba/read-failover"));
  await page.getByRole("button", { name: "Gallery…" }).click();
  const chosen = page
    .getByRole("listbox", { name: "scenarios" })
    .getByRole("option", { selected: true });
  await chosen.waitFor();
  expect(await chosen.textContent()).toContain("samba-read-failover");
  expect((await chosen.locator(".verdict").textContent())?.trim()).toBe("can happen");
  expect(await chosen.textContent()).toContain("cow: cannot happen");
  expect(await chosen.locator(".name").textContent()).toBe("samba-read-failoveropen");
  await expect
    .poll(() => chosen.evaluate((row) => row.getBoundingClientRect().bottom < innerHeight))
    .toBe(true);
  expect(await page.locator("[role=option] .name span").count()).toBe(1);
});

test("a call's name is there whole or not at all, and all of it is said", async () => {
  const page = await openSite(linkTo("samba/read-failover"), { width: 360 });
  await page.keyboard.press("End");
  const calls = page.getByRole("list", { name: /^thread / }).getByRole("listitem");
  const shown = await calls.evaluateAll((all) =>
    all.map((call) => {
      const name = call.querySelector<HTMLElement>(".head > span");
      const line = name?.parentElement?.getBoundingClientRect();
      const box = name?.getBoundingClientRect();
      const isSeen = box !== undefined && line !== undefined && box.top < line.bottom - 1;
      return {
        said: call.getAttribute("aria-label") === call.getAttribute("title"),
        isSeen,
        isWhole: isSeen && box.right <= line.right + 0.5 && name!.scrollWidth <= box.width + 1,
      };
    }),
  );
  expect(shown.filter(({ said }) => !said)).toEqual([]);
  expect(shown.filter(({ isSeen, isWhole }) => isSeen && !isWhole)).toEqual([]);
  expect(shown.some(({ isWhole }) => isWhole)).toBe(true);
  expect(shown.some(({ isSeen }) => !isSeen)).toBe(true);
});

test("a profile says what it is, and the first one why the page begins with it", async () => {
  const page = await openSite();
  await page.getByRole("button", { name: "Open the laboratory" }).click();
  const profile = page.getByLabel("profile of the first model", { exact: true });
  expect(await profile.inputValue()).toBe("6.18/xfs");
  expect(await profile.locator("..").getAttribute("title")).toContain("a version of Linux");
  await page.getByText("word by word").click();
  const model = page.getByRole("group", { name: "first model", exact: true });
  await model.getByText("A profile is whose behaviour is modelled").waitFor();
  expect(await model.getByText("The page begins with xfs").count()).toBe(1);
  await profile.selectOption("6.18/ext4");
  expect(await model.getByText("The page begins with xfs").count()).toBe(0);
});

test("until the run is over, the place of the answer says when it comes", async () => {
  const page = await openSite(RACE_LINK);
  const condition = page.getByRole("region", { name: "condition" });
  const later = condition.getByText("answered at the end of the run");
  await later.waitFor();
  const below = async (what: Locator): Promise<number> =>
    (await what.boundingBox())!.y - (await condition.boundingBox())!.y;
  const from = await below(later);
  await page.keyboard.press("End");
  expect(await later.count()).toBe(0);
  const verdict = condition.getByText("this run is a counterexample").first();
  expect(Math.abs((await below(verdict)) - from)).toBeLessThan(4);
});

test("a tall picture says what is below, what a step changed there, and leads to it", async () => {
  const page = await openSite(linkTo("samba/read-failover"));
  const picture = page.getByRole("group", { name: "picture: linux on 6.18/ext4" });
  const way = page.getByRole("button", { name: /^show what .* below: / });
  await way.getByText("what the readers got").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: /^show what has changed below: frag 0: / }).click();
  const frag = picture.locator("[aria-label^='frag 0']").first();
  await expect.poll(() => frag.evaluate((e) => e.getBoundingClientRect().bottom)).toBeLessThan(900);
  await page.getByRole("button", { name: "to the start" }).click();
  const up = page.getByRole("button", { name: /^show what has changed above: frame 1/ });
  await up.click();
  const folio = picture.locator("[aria-label^='frame 1']");
  const controls = page.getByRole("toolbar", { name: "playback" });
  const { y, height } = (await controls.boundingBox())!;
  await expect.poll(async () => (await folio.boundingBox())!.y).toBeGreaterThan(y + height);
});

test("of a picture that is not in sight nothing is said", async () => {
  const page = await openSite(RACE_LINK, { width: 360, height: 740 });
  const caption = page.getByText("Nothing has happened yet.").first();
  await caption.waitFor();
  const way = page.getByRole("button", { name: /^show what / });
  await page.evaluate(() => scrollTo(0, 0));
  await page.setViewportSize({ width: 360, height: 480 });
  await expect.poll(() => way.count()).toBe(0);
  await page
    .locator(".picture")
    .first()
    .evaluate((e) => e.scrollIntoView({ block: "start" }));
  await way.first().waitFor();
});

test("a picture that is all in sight says nothing about that", async () => {
  const page = await openSite(RACE_LINK, { height: 1400 });
  await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("button", { name: /^show what / }).count()).toBe(0);
});

test("a step asks the browser for no layout", async () => {
  const page = await openSite(linkTo("samba/read-failover"));
  await page.getByRole("button", { name: /^show what is below: / }).waitFor();
  const asked = await page.evaluate(async () => {
    const found: string[] = [];
    const watch = (of: object, name: string): void => {
      const old = Object.getOwnPropertyDescriptor(of, name)!;
      const note = (): void => void found.push(name);
      Object.defineProperty(
        of,
        name,
        old.get === undefined
          ? {
              value(this: unknown, ...all: unknown[]) {
                note();
                return (old.value as (...of: unknown[]) => unknown).apply(this, all);
              },
            }
          : {
              ...old,
              get(this: unknown) {
                note();
                return old.get!.call(this) as unknown;
              },
            },
      );
    };
    for (const name of ["getBoundingClientRect", "scrollTop", "clientHeight", "clientWidth"])
      watch(Element.prototype, name);
    for (const name of ["offsetHeight", "offsetWidth"]) watch(HTMLElement.prototype, name);
    for (let step = 0; step < 4; step++) {
      dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    }
    return found;
  });
  expect(asked).toEqual([]);
  expect(await page.getByText("stop 4 of").count()).toBeGreaterThan(0);
});

test("what the kernel does on its own has a lane, and its place stays when it has nothing to do", async () => {
  const page = await openSite(linkTo("samba/read-failover"));
  const own = page.getByRole("list", { name: "the kernel on its own" }).getByRole("listitem");
  expect(await own.count()).toBe(2);
  expect(await own.first().getAttribute("title")).toBe("nic c: transmit, 2 steps, not yet");
  const stage = page.getByRole("region", { name: "policy linux" });
  const top = async () => (await stage.boundingBox())!.y;
  const before = await top();
  await page.getByText("the kernel has nothing to do on its own now").waitFor();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "nic c: transmit" }).waitFor();
  expect(await top()).toBe(before);
  const race = await openSite(RACE_LINK);
  expect(await race.getByRole("list", { name: "the kernel on its own" }).count()).toBe(0);
});

test("on the first page as in the laboratory words have no outline", async () => {
  const page = await openSite();
  const strokes = (): Promise<string[]> =>
    page
      .locator(".stage text")
      .evaluateAll((all) => [...new Set(all.map((each) => getComputedStyle(each).stroke))]);
  expect(await strokes()).toEqual(["none"]);
  await page.getByRole("button", { name: "Open the laboratory" }).click();
  await page.getByRole("toolbar", { name: "playback" }).waitFor();
  expect(await strokes()).toEqual(["none"]);
});

test("on a phone, too, who is led to the first changed bytes sees what happened there", async () => {
  const page = await openSite(RACE_LINK, { width: 360, height: 740 });
  await page.getByRole("button", { name: "to the first changed bytes" }).click();
  const caption = page.getByText(/read gets 0xf0 from slot 0/).first();
  await expect
    .poll(() =>
      caption.evaluate((each) => {
        const { top, bottom } = each.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
    )
    .toBe(true);
});
