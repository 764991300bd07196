"""What columns can be, and what they are called in English, German, French, Spanish and Japanese.

The first name of each list is the one that is meant most surely; later ones a little less.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """One thing that a column can be.

    Parameters
    ----------
    name : str
        As in the mapping.
    holds : {'id', 'moment', 'number', 'few', 'text'}
        What stands in its cells: something that tells rows apart, moments, numbers, one of few texts, any text.
    called : tuple of str
        Names of such columns.
    """

    name: str
    holds: str
    called: tuple[str, ...]


def _role(name: str, holds: str, called: str) -> Role:
    return Role(name, holds, tuple(each.strip() for each in called.split("|")))


ROLES = {
    role.name: role
    for role in (
        _role(
            "id",
            "id",
            "id|opportunity id|opportunityid|deal id|record id|lead id|case id|case:concept:name|lead|deal|"
            "opportunity number|case|opportunity|vorgangsnummer|verkaufschancen-id|opportunity-id|vorgangs-id|"
            "id opportunité|id de l'opportunité|id affaire|id transaction|id oportunidad|id de la oportunidad|"
            "id de negocio|案件id|商談id|案件番号|商談番号|案件no|管理番号",
        ),
        _role(
            "stage",
            "few",
            "stage|stage name|stagename|deal stage|opportunity stage|sales stage|pipeline stage|to stage|new "
            "stage|"
            "concept:name|activity|phase|verkaufsphase|vertriebsphase|stufe|étape|phase de vente|stade|etapa|"
            "etapa de venta|fase|フェーズ|商談フェーズ|営業フェーズ|ステージ|案件ステージ|進捗|進捗状況",
        ),
        _role(
            "entered_at",
            "moment",
            "entered at|entered|date entered|stage entered|stage date|stage change date|stage changed "
            "at|changed at|"
            "time:timestamp|timestamp|start time|moved at|event date|event time|date changed|stage since|"
            "created date|createddate|modified time|last modified|edit date|eingetreten am|phase seit|geändert am|"
            "datum der änderung|änderungsdatum|zeitstempel|datum|date d'entrée|date de changement|modifié le|date|"
            "fecha de entrada|fecha de cambio|fecha|フェーズ変更日|"
            "フェーズ開始日|変更日時|更新日時|更新日|日時|開始日",
        ),
        _role(
            "left_at",
            "moment",
            "left at|left|date exited|exited at|exit date|stage end|end time|complete time|verlassen am|phase bis|"
            "date de sortie|fecha de salida|フェーズ終了日|終了日時",
        ),
        _role(
            "created_at",
            "moment",
            "created at|created|create date|created date|createddate|creation date|date created|created on|"
            "createdon|created time|engage date|open date|opened at|angelegt am|erstellt am|erstellungsdatum|"
            "anlagedatum|eröffnet am|date de création|créé le|fecha de creación|creado el|fecha de alta|"
            "作成日|作成日時|登録日|登録日時|発生日|案件作成日|商談作成日",
        ),
        _role(
            "closed_at",
            "moment",
            "closed at|closed|close date|closed date|closedate|closing date|actual close date|actualclosedate|"
            "date closed|won time|deal closed on|abgeschlossen am|abschlussdatum|geschlossen am|"
            "date de clôture|clôturé le|date de fermeture|"
            "fecha de cierre|cerrado el|完了日|クローズ日|完了予定日|受注日|"
            "成約日|決着日",
        ),
        _role(
            "outcome",
            "few",
            "outcome|status|result|deal status|state|win/loss|won/lost|won status|ergebnis|abschlussstatus|"
            "résultat|statut|resultado|estado|結果|受注失注|ステータス|状態",
        ),
        _role(
            "owner",
            "text",
            "owner|owner name|opportunity owner|deal owner|ownerid|owner id|sales rep|rep|sales agent|assigned to|"
            "assigned user|salesperson|account executive|user|org:resource|resource|besitzer|verkäufer|zuständig|"
            "bearbeiter|inhaber|propriétaire|commercial|vendeur|responsable|propietario|vendedor|comercial|"
            "所有者|商談所有者|担当者|営業担当|担当",
        ),
        _role(
            "team",
            "few",
            "team|owner role|sales team|department|group|org:group|abteilung|équipe|equipo|チーム|部署|部門|所属",
        ),
        _role(
            "first_touch",
            "moment",
            "first touch|first contact|first activity|first activity date|first response|erster kontakt|"
            "premier contact|primer contacto|初回接触日|初回対応日|初回接触|初回活動日",
        ),
        _role(
            "last_touch",
            "moment",
            "last touch|last contact|last contacted|last activity|last activity date|lastactivitydate|"
            "letzter kontakt|letzte aktivität|dernier contact|dernière activité|último contacto|última actividad|"
            "最終接触日|最終対応日|最終接触|最終活動日",
        ),
        _role(
            "touches",
            "number",
            "touches|number of touches|activities|number of activities|number of times contacted|contacts|"
            "anzahl kontakte|anzahl aktivitäten|nombre d'activités|nombre de contacts|número de actividades|"
            "número de contactos|接触回数|対応回数|活動件数|活動回数",
        ),
        _role(
            "amount",
            "number",
            "amount|deal value|value|close value|deal amount|actual revenue|actualvalue|expected revenue|"
            "est. revenue|estimatedvalue|revenue|price|betrag|auftragswert|umsatz|wert|summe|montant|valeur|"
            "chiffre d'affaires|importe|monto|valor|金額|受注金額|商談金額|案件金額|見込金額|売上|売上金額",
        ),
        _role(
            "source",
            "few",
            "source|lead source|leadsource|original source|utm source|channel|origin|deal "
            "source|leadquelle|quelle|"
            "herkunft|kanal|origine|source du lead|canal|fuente|"
            "origen|リードソース|流入元|流入経路|獲得経路|チャネル|経路",
        ),
        _role(
            "segment",
            "few",
            "segment|customer segment|size class|type|deal type|industry|product|tier|business type|kundensegment|"
            "segment client|taille|secteur|segmento|tamaño|sector|セグメント|規模|業種|企業規模|種別|商品",
        ),
        _role(
            "territory",
            "few",
            "territory|region|sales region|regional office|country|gebiet|vertriebsgebiet|land|territoire|région|"
            "territorio|región|zona|地域|エリア|テリトリー|支店|拠点",
        ),
        _role(
            "account",
            "text",
            "account|account name|accountid|account id|company|organization|organisation|customer|client|kunde|"
            "firma|konto|compte|société|cuenta|empresa|cliente|取引先|取引先名|会社名|顧客名|顧客|企業名",
        ),
        _role(
            "reason",
            "few",
            "reason|loss reason|lost reason|closed lost reason|reason for loss|lost reason / competitor|"
            "verlustgrund|grund|raison de perte|motif|motivo|motivo de pérdida|失注理由|失注原因|理由",
        ),
        _role(
            "recorded_at",
            "moment",
            "recorded at|systemmodstamp|last modified date|lastmodifieddate|write date|modifiedon|update time|"
            "hs_lastmodifieddate|zuletzt geändert|"
            "dernière modification|última modificación|最終更新日|最終更新日時",
        ),
        _role("currency", "few", "currency|currencyisocode|currency iso code|währung|devise|moneda|通貨"),
        _role(
            "minutes",
            "number",
            "minutes|duration minutes|duration (min)|call duration|duration|dauer|durée|"
            "duración|所要時間|時間(分)",
        ),
        _role(
            "at",
            "moment",
            "at|activity date|date|due date|start|call date|meeting date|timestamp|datum|"
            "fecha|活動日|活動日時|日付|実施日",
        ),
        _role(
            "kind",
            "few",
            "kind|activity type|type|subject type|aktivitätsart|type d'activité|tipo de actividad|活動種別|種別",
        ),
        _role(
            "start",
            "moment",
            "start|start date|hire date|hired|eintritt|date d'embauche|fecha de ingreso|入社日|着任日",
        ),
        _role(
            "end",
            "moment",
            "end|end date|leave date|termination date|left|austritt|date de départ|fecha de baja|退職日|離任日",
        ),
        _role(
            "since",
            "moment",
            "since|customer since|contract start|start date|kunde seit|client depuis|"
            "cliente desde|契約開始日|契約日|導入日",
        ),
        _role(
            "ended_at",
            "moment",
            "ended at|ended|churned at|churn date|cancelled at|contract end|gekündigt am|"
            "date de résiliation|fecha de baja|解約日|契約終了日",
        ),
        _role(
            "arr", "number", "arr|annual recurring revenue|mrr|contract value|jahresumsatz|年間契約額|年間経常収益"
        ),
        _role(
            "renewed_at",
            "moment",
            "renewed at|renewal date|renewed|verlängert am|renouvelé le|renovado el|更新日|契約更新日",
        ),
        _role(
            "snapshot_date",
            "moment",
            "snapshot date|snapshot|snapshot_date|as of|as of date|export date|stand|"
            "stichtag|date d'extraction|fecha de extracción|基準日|抽出日|出力日",
        ),
        _role("lifecycle", "few", "lifecycle:transition|lifecycle|transition"),
    )
}
"""All roles by name."""

WON_WORDS = [
    "closed won",
    "won",
    "closedwon",
    "win",
    "gewonnen",
    "geschlossen gewonnen",
    "abgeschlossen gewonnen",
    "gagné",
    "gagnée",
    "fermé gagné",
    "conclu gagné",
    "ganada",
    "ganado",
    "cerrada ganada",
    "cerrado ganado",
    "受注",
    "成約",
    "受注済",
    "商談成立",
    "完了(受注)",
    "クローズ 受注",
    "成立",
]
"""Stages and outcomes of deals that were won."""

LOST_WORDS = [
    "closed lost",
    "lost",
    "closedlost",
    "loss",
    "disqualified",
    "abandoned",
    "canceled",
    "cancelled",
    "rejected",
    "dropped",
    "closed - lost",
    "verloren",
    "geschlossen verloren",
    "abgeschlossen verloren",
    "storniert",
    "perdu",
    "perdue",
    "fermé perdu",
    "abandonné",
    "perdida",
    "perdido",
    "cerrada perdida",
    "cerrado perdido",
    "cancelado",
    "失注",
    "失注済",
    "不成立",
    "見送り",
    "中止",
    "取消",
    "完了(失注)",
    "クローズ 失注",
    "closed lost to competition",
    "lost to competitor",
    "no decision",
    "out-sold",
]
"""Stages and outcomes of deals that ended without a sale."""

OPEN_WORDS = [
    "open",
    "offen",
    "ouvert",
    "abierto",
    "in progress",
    "en cours",
    "pending",
    "active",
    "進行中",
    "商談中",
    "継続",
]
"""Outcomes of deals that have not ended."""
