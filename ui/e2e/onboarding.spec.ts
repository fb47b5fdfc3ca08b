import { expect, open, test } from "./harness/test";

test.describe("an unknown DAG at 1440 × 900, without scrolling", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("its page shows the order, the part side by side and the slowest step", async ({ page, potok, runs }) => {
    void runs;
    await open(page, potok, "dags/orders_daily");
    const node = (task: string) => page.locator(`[data-key$="${task}"]`).first();
    const [first, second, total, report] = await Promise.all(
      ["shops.extract_berlin", "shops.extract_moscow", "total", "report"].map(async (task) => {
        await expect(node(task)).toBeInViewport({ ratio: 1 });
        const box = await node(task).boundingBox();
        if (!box) throw new Error(`${task} has no place.`);
        return box;
      }),
    );
    if (!first || !second || !total || !report) throw new Error("A task is missing.");
    // The order is from left to right; what runs side by side stands in one column.
    expect(first.x + first.width).toBeLessThan(total.x);
    expect(total.x + total.width).toBeLessThan(report.x);
    expect(first.x).toBe(second.x);
    expect(first.y).not.toBe(second.y);
    // The slowest step says so in words.
    await expect(node("total")).toContainText(/slowest/i);
  });
});
