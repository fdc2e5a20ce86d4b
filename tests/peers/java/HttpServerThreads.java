// com.sun.net.httpserver: a thread for each exchange, which writes, flushes and waits; chunked since the length is 0.
import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;

public class HttpServerThreads {
    static int setting(String name, int usual) {
        String given = System.getenv(name);
        return given == null || given.isEmpty() || given.equals("0") ? usual : Integer.parseInt(given);
    }

    static final int PORT = setting("PORT", 8765);
    static final int INTERVAL_MS = setting("STREAM_INTERVAL_MS", 2);
    static final int STREAM_BYTES = setting("STREAM_BYTES", 6680);
    static final Random RANDOM = new Random();

    static byte[] message(long number) {
        String head = String.format(Locale.ROOT, "%012d %.6f ", number, System.currentTimeMillis() / 1000.0);
        byte[] noise = new byte[STREAM_BYTES];
        RANDOM.nextBytes(noise);
        String text = Base64.getEncoder().encodeToString(noise).substring(0, STREAM_BYTES - head.length());
        return (head + text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    public static void main(String[] arguments) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", PORT), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                for (long number = 0; ; number++) {
                    body.write(message(number));
                    body.flush();
                    Thread.sleep(INTERVAL_MS);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }
}
