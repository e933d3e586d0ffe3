"""The words by which mail programs introduce a quoted mail, in the languages we know."""

import re

# ruff: noqa: RUF001 - words of other alphabets look like ours

#: "wrote" in attribution lines.
WROTE = (
    r"wrote|writes|schrieb|schrieben|geschrieben|a écrit|a ecrit|écrit|escribió|escribio|"
    r"ha scritto|scritto|escreveu|schreef|geschreven|heeft geschreven|skrev|skreiv|kirjoitti|"
    r"napisał|napisała|napisał\(a\)|napisao|napísal|napsal|napsal\(a\)|пишет|написал|написала|"
    r"написал\(а\)|пише|написав|написа|yazdı|írta|a scris|έγραψε|rašė|rakstīja|kirjutas|"
    r"viết|vào|menulis|写道|寫道|寫於|のメール|さんは書きました|より|작성|님이 작성|كتب|כתב|"
    r"đã viết|va escriure|idatzi du|skrifaði|ha escrit"
)
FROM = (
    r"from|von|de|da|van|från|fra|od|от кого|от|від|lähettäjä|kimden|feladó|expéditeur|expediteur|"
    r"mittente|remitente|afzender|avsender|avsändare|nadawca|发件人|發件人|寄件者|差出人|"
    r"送信者|보낸 사람|de la|από|מאת|gesendet von"
)
#: Only mail programs use these before a date …
SENT = (
    r"sent|sent on|gesendet|envoyé|envoye|date d'envoi|enviado|enviada|enviado el|enviada em|"
    r"inviato|verzonden|verzonden op|skickat|sendt|wysłano|data wysłania|отправлено|надіслано|"
    r"lähetetty|gönderildi|odesláno|elküldve|trimis|发送时间|发送日期|傳送時間|送信日時|送信|"
    r"보낸 날짜|נשלח"
)
#: … these stand in forms, too.
DATE = r"date|message du|messaggio del|mensaje del|datum|fecha|data|dato|дата|päivämäärä|päiväys|tarih|日期|日時|날짜|ημερομηνία"
TO = (
    r"to|an|à|a|para|aan|naar|till|til|do|dla|кому|кому:|vastaanottaja|kime|címzett|către|"
    r"destinataire|destinatario|destinatário|收件人|收件者|宛先|받는 사람|προς|אל"
)
SUBJECT = (
    r"subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|aihe|"
    r"konu|předmět|predmet|tárgy|subiect|主题|主旨|件名|제목|θέμα|נושא"
)
COPY = (
    r"cc|kopie|copie|copia|cópia|kopia|kopi|копия|копія|kopio|抄送|副本|참조|bcc|reply-to|"
    r"reply to|antwort an|répondre à|responder a|risposta|rispondi a|antwoord aan|importance|"
    r"wichtigkeit|importancia|priority|organization"
)
ORIGINAL = (
    r"original message|original-nachricht|original mail|original appointment|ursprüngliche "
    r"nachricht|ursprüngliche e-mail|originalnachricht|message d'origine|message original|"
    r"message d’origine|mensaje original|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|origineel bericht|ursprungligt meddelande|"
    r"originalmeddelande|originalmeddelelse|oprindelig (?:meddelelse|besked)|opprinnelig melding|original meddelelse|"
    r"wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|"
    r"оригинальное сообщение|původní zpráva|pôvodná správa|alkuperäinen viesti|eredeti üzenet|"
    r"mesaj original|özgün ileti|orijinal mesaj|原始邮件|原始郵件|邮件原件|元のメッセージ|"
    r"원본 메시지|original message follows|reply message|reply separator|missatge original"
)
FORWARDED = (
    r"forwarded message|forwarded by|begin forwarded message|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail|"
    r"message transféré|message transmis|début du message (?:réexpédié|transféré)|"
    r"mensaje reenviado|inicio del mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|"
    r"início da mensagem (?:encaminhada|reencaminhada)|messaggio inoltrato|"
    r"inizio messaggio inoltrato|doorgestuurd bericht|begin doorgestuurd bericht|"
    r"vidarebefordrat (?:meddelande|mail)|vidarebefordrat brev|videresendt (?:meddelelse|melding)|"
    r"start på videresendt besked|videresend(?:t|te) besked|wiadomość przekazana|"
    r"przekazana wiadomość|пересылаемое сообщение|пересланное сообщение|"
    r"начало переадресованного сообщения|переслане повідомлення|přeposlaná zpráva|"
    r"edelleenlähetetty viesti|välitetty viesti|továbbított üzenet|mesaj redirecționat|"
    r"iletilmiş mesaj|转发的邮件|轉寄的郵件|転送されたメッセージ|전달된 메시지"
)
#: Subject prefixes of a forward, and of an answer.
FORWARD_PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|vs|doorst|vb|pd|fs|továbbítás|iletildi|"
    r"转发|轉寄|転送|пересл|ynt)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
REPLY_PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{0,40}\]\s*)?(?:re|aw|antw|antwort|sv|res|rif|ref|r|odp|ynt|vá|回复|回覆|返信|"
    r"답장|отв|vast|ps|ats|απ|b)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
#: Lines a telephone or mail program puts under every mail.
DEVICE = re.compile(
    r"^\W{0,3}(?:"
    r"(?:sent|sended|dispatched|posted) (?:from|via|with|by|using) (?!the (?:shop|store)).{1,80}|"
    r"from (?:my|mobile).{0,40}|\w+ from mobile|"
    r"get (?:\[?outlook|outlook|yahoo mail|bluemail|thunderbird).{0,120}|"
    r"envoyé (?:depuis|de|à partir de) .{1,80}|envoyé avec .{1,60}|télécharge.{0,20}outlook.{0,80}|"
    r"(?:von|vom) (?:meinem|mein|unterwegs|iphone|ipad|handy|mobil).{0,60}(?:gesendet|gesandt|geschickt)?|"
    r"gesendet (?:mit|von|vom|über|aus|durch) .{1,80}|diese nachricht wurde von .{1,80} gesendet|"
    r"holen sie sich outlook.{0,80}|outlook für (?:ios|android).{0,60}|"
    r"enviado (?:desde|do|a partir do|con|com|de|pelo) .{1,80}|obtener outlook.{0,80}|"
    r"obter o outlook.{0,80}|inviato (?:da|dal|con) .{1,80}|ottieni outlook.{0,80}|"
    r"verzonden (?:vanaf|met|via|vanuit) .{1,80}|verstuurd vanaf .{1,80}|"
    r"outlook voor (?:ios|android).{0,60}|skickat från .{1,80}|sendt fra .{1,80}|"
    r"hämta outlook.{0,80}|hent outlook.{0,80}|lähetetty .{1,60}|wysłan[eo] z .{1,80}|"
    r"pobierz outlook.{0,80}|отправлено (?:с|из|со) .{1,80}|надіслано з .{1,80}|"
    r"odesláno z .{1,80}|odoslané z .{1,80}|iphone'?umdan gönderildi|.{0,20}(?:'dan|'den) gönderildi|"
    r"从我的.{1,40}发送|從我的.{1,40}傳送|发自我的.{1,40}|發自我的.{1,40}|傳自我的.{1,40}|"
    r"iphoneから送信|.{1,30}から送信|私の.{1,30}から|나의 .{1,30}에서 보냄|내 .{1,30}에서 보냄"
    r")\W*$",
    re.IGNORECASE,
)
