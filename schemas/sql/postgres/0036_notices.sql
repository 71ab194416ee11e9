-- What was confirmed is up as long as it is paid: notices of households that were stopped since.
UPDATE notice SET until_day = (
    SELECT TO_CHAR(CAST(b.from_month || '-01' AS DATE) - 1, 'YYYY-MM-DD') FROM benefit b
    WHERE b.household = notice.household AND b.effect = 'stop' AND b.entry > notice.entry
    ORDER BY b.entry LIMIT 1)
WHERE kind = 'confirmed' AND until_day = '' AND EXISTS (
    SELECT 1 FROM benefit b
    WHERE b.household = notice.household AND b.effect = 'stop' AND b.entry > notice.entry
      AND (notice.taken_down IS NULL OR notice.taken_down > b.entry));
