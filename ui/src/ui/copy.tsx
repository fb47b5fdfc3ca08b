/** A button that copies a text and says that it did. */
import { Button, type ButtonProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const SAID_MS = 2_000;

export function CopyButton({ text, children, ...props }: { text: string; children: string } & ButtonProps) {
  const { t } = useTranslation();
  const [said, setSaid] = useState(false);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      {...props}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setSaid(true))}
    >
      <span aria-live="polite">{said ? t("action.copied") : children}</span>
    </Button>
  );
}
