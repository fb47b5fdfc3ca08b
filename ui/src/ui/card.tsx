/** A framed part of a page with its title; a failed or empty one keeps its frame. */
import { type ReactNode, useId } from "react";
import styles from "./card.module.css";

interface CardProps {
  title: ReactNode;
  /** Muted words after the title. */
  note?: ReactNode;
  /** Controls at the right of the head. */
  tools?: ReactNode;
  children: ReactNode;
  /** Content reaches the border. */
  flush?: boolean;
  className?: string;
}

export function Card({ title, note, tools, children, flush = false, className }: CardProps) {
  const id = useId();
  return (
    <section className={[styles.card, className].filter(Boolean).join(" ")} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 className={styles.title} id={id}>
          {title}
        </h2>
        {note ? <span className={styles.note}>{note}</span> : null}
        {tools ? <div className={styles.tools}>{tools}</div> : null}
      </header>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
