"""FastAPI, pydantic and the SQLAlchemy async ORM on uvicorn, following their documentation."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

import jwt
from common import DATABASE, ISSUER, PRAGMAS, REFUSALS, SECRET, refusal
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import DateTime, ForeignKey, String, event, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

engine = create_async_engine(f"sqlite+aiosqlite:///{DATABASE}", pool_size=3, max_overflow=0)
Session = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def prepare(connection: Any, _record: object) -> None:
    """Configure each connection for durable writes."""
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


class Base(DeclarativeBase):
    """Base class of the tables."""


class Contact(Base):
    """A sender or receiver."""

    __tablename__ = "contact"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    company: Mapped[str]
    job_title: Mapped[str]
    avatar_url: Mapped[str]


class ConnectionRequest(Base):
    """A connection request."""

    __tablename__ = "connection_request"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sender_id: Mapped[str] = mapped_column(String(36), ForeignKey("contact.id"))
    recipient_id: Mapped[str] = mapped_column(String(36), ForeignKey("contact.id"))
    status: Mapped[str]
    message: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    resent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    resend_count: Mapped[int]
    sender: Mapped[Contact] = relationship(foreign_keys=[sender_id])


class EmailOutbox(Base):
    """A queued e-mail."""

    __tablename__ = "email_outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(String(36))
    recipient_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ContactOut(BaseModel):
    """A contact in a response."""

    model_config = ConfigDict(from_attributes=True)
    ContactId: uuid.UUID = Field(validation_alias="id")
    FirstName: str = Field(validation_alias="first_name")
    LastName: str = Field(validation_alias="last_name")
    Email: str = Field(validation_alias="email")
    Company: str = Field(validation_alias="company")
    JobTitle: str = Field(validation_alias="job_title")
    AvatarUrl: str = Field(validation_alias="avatar_url")


class RequestOut(BaseModel):
    """A request in a response."""

    model_config = ConfigDict(from_attributes=True)
    ConnectionRequestId: uuid.UUID = Field(validation_alias="id")
    ContactId: uuid.UUID = Field(validation_alias="recipient_id")
    Status: str = Field(validation_alias="status")
    Message: str = Field(validation_alias="message")
    CreatedAt: datetime = Field(validation_alias="created_at")
    ExpiresAt: datetime = Field(validation_alias="expires_at")
    ResentAt: datetime | None = Field(validation_alias="resent_at")
    ResendCount: int = Field(validation_alias="resend_count")
    Contact: ContactOut = Field(validation_alias="sender")


class ResendIn(BaseModel):
    """Body of a resend."""

    ConnectionRequestId: uuid.UUID
    ContactId: uuid.UUID


class Nothing(BaseModel):
    """An empty response."""


class Caller(BaseModel):
    """The authenticated contact in a response."""

    UserId: str


class Refused(Exception):
    """An error with its code."""

    def __init__(self, code: str) -> None:
        self.code = code


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Close the connections on shutdown."""
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)
bearer = HTTPBearer(auto_error=False)


@app.exception_handler(Refused)
async def refused(_request: Request, error: Refused) -> JSONResponse:
    """Return the response for an error."""
    status, message = REFUSALS[error.code]
    return JSONResponse(refusal(error.code, message), status)


@app.exception_handler(RequestValidationError)
async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Return the response for an invalid request."""
    fields = [str(problem["loc"][-1]) for problem in error.errors()]
    return JSONResponse(refusal("ValidationError", "The request is not valid.", fields), 400)


def refuse(code: str) -> NoReturn:
    """Raise an error with this code."""
    raise Refused(code)


async def caller(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    """Return the contact of the token."""
    try:
        token = credentials.credentials if credentials else ""
        subject: str = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ISSUER)["sub"]
    except jwt.PyJWTError:
        raise Refused("Unauthorized") from None
    return subject


async def session() -> AsyncIterator[AsyncSession]:
    """Yield a session for one request."""
    async with Session() as opened:
        yield opened


Who, Db = Annotated[str, Depends(caller)], Annotated[AsyncSession, Depends(session)]


@app.post("/api/connectionrequests/{ConnectionRequestId}/resend")
async def resend(ConnectionRequestId: uuid.UUID, body: ResendIn, who: Who, db: Db) -> Nothing:  # noqa: N803 - wire name
    """Resend a request."""
    if str(body.ContactId) != who or body.ConnectionRequestId != ConnectionRequestId:
        refuse("Forbidden")
    async with db.begin():
        request = await db.get(ConnectionRequest, str(ConnectionRequestId))
        if request is None:
            refuse("NotFound")
        if request.sender_id != who:
            refuse("Forbidden")
        if request.status != "Pending":
            refuse("NotPending")
        now = datetime.now(UTC)
        request.resent_at, request.resend_count = now, request.resend_count + 1
        db.add(
            EmailOutbox(
                request_id=request.id, recipient_id=request.recipient_id, kind="resend", state="queued", created_at=now
            )
        )
    return Nothing()


@app.get("/api/contacts/{ContactId}/connectionrequests/received")
async def received(ContactId: uuid.UUID, who: Who, db: Db) -> list[RequestOut]:  # noqa: N803 - wire name
    """Return the requests that the caller has received."""
    if str(ContactId) != who:
        refuse("Forbidden")
    query = (
        select(ConnectionRequest)
        .where(ConnectionRequest.recipient_id == who)
        .options(joinedload(ConnectionRequest.sender))
        .order_by(ConnectionRequest.created_at.desc())
        .limit(50)
    )
    return list((await db.scalars(query)).all())  # type: ignore[arg-type] - pydantic reads the attributes


@app.get("/api/caller")
async def who_asks(who: Who) -> Caller:
    """Return the caller."""
    return Caller(UserId=who)
