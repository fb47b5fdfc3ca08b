/** The frame of a page's content and its title in the browser's tab. */
import { type ReactNode, useEffect } from "react";
import styles from "./page.module.css";

/** `title` may be left to a part of the page whose words change more often than the page. */
export function Page({ title, children }: { title?: string; children: ReactNode }) {
  useTitle(title);
  return <div className={styles.page}>{children}</div>;
}

export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title !== undefined) document.title = title ? `${title} · Potok` : "Potok";
  }, [title]);
}

/** The sentence a page opens with, what stands before it, below it and at its right. */
export function Headline({
  icon,
  children,
  second,
  actions,
}: {
  icon?: ReactNode;
  children: ReactNode;
  second?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={styles.headline}>
      {icon ? <span className={styles.icon}>{icon}</span> : null}
      <div className={styles.words}>
        <h1 className={styles.h1}>{children}</h1>
        {second ? <p className={styles.second}>{second}</p> : null}
      </div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
